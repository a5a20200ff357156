# A model in shards of its neurons: one job for each shard, and one that joins them. For models that outgrow a machine, or its patience.
#
#     snakemake -s workflow/train.smk --config patterns=large.npy gamma=0.01 shards=100 out=large -c 1
#     snakemake -s workflow/train.smk --config patterns=large.npy gamma=0.01 shards=100 out=large --executor slurm -j 100
#
# `lambda` and `tolerance` may be given too, and `hopgate`, the program. The memory and the time that a job may take are what `hopgate train --plan` says, and it is
# printed first. OUT/model.npz is the same to the byte as the model of one run.
import json
import math
import shlex
import subprocess
import sys

HOPGATE = config.get("hopgate", "hopgate")
for name in ("patterns", "gamma", "shards"):
    if name not in config:
        raise WorkflowError(f"--config {name}=... is missing")
OUT, SHARDS = config.get("out", "shards"), int(config["shards"])
RUN = ["train", str(config["patterns"]), "--gamma", str(config["gamma"])]
for name in ("lambda", "tolerance"):
    if name in config:
        RUN += [f"--{name}", str(config[name])]
TRAIN = shlex.join([HOPGATE, *RUN])
PLAN = json.loads(subprocess.run([HOPGATE, *RUN, "--shard", f"1/{SHARDS}", "--plan", "--json"], stdout=subprocess.PIPE, text=True, check=True).stdout)


def mib(size):
    """Bytes in mebibytes, and what a program takes beside its matrices."""
    return math.ceil(PLAN[size] * 1.15 / 2**20) + 500


def minutes(what):
    """Three times the estimate: other machines are slower, and other patterns take more steps."""
    return math.ceil(3 * PLAN[what] / 60) + 10


print(
    f"{SHARDS} shards of {PLAN['shard_neurons']} neurons at most: {mib('shard_bytes')} MiB and some {PLAN['shard_seconds']:.0f} s each; "
    f"the join {mib('join_bytes')} MiB",
    file=sys.stderr,
)


rule model:
    input:
        expand(OUT + "/shard-{index}.npz", index=range(1, SHARDS + 1)),
    output:
        OUT + "/model.npz",
    threads: 1
    resources:
        mem_mb=mib("join_bytes"),
        runtime=minutes("join_seconds"),
    shell:
        TRAIN + " --join {input} -q -o {output}"


rule shard:
    output:
        OUT + "/shard-{index}.npz",
    threads: int(config.get("threads", 1))
    resources:
        mem_mb=mib("shard_bytes"),
        runtime=minutes("shard_seconds"),
    shell:
        TRAIN + " --shard {wildcards.index}/" + str(SHARDS) + " -q -o {output}"
