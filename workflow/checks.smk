# Proofs, mutants, soak runs, experiments and measured builds in shards: one job for each property, trial, seed, experiment or core.
#
#     snakemake -s workflow/checks.smk -c 2 proofs
#     snakemake -s workflow/checks.smk --executor slurm -j 50 mutants soak reproduce
#     snakemake -s workflow/checks.smk -c 2 hdl
#
# `--config seeds=20` sets how many seeds the random part has, `--config only=REGEX` which names are done: of the lists that `formal --list`, `mutants --list` and
# `reproduce --help` print, of soak runs recalls-1, noise-1, learning-1 and fuzz-1, of the rows of the tables of builds hdl-3, sizes-3 and families-3. Tables go to target/checks
# (proofs.csv, mutants.csv, mutants-living.csv), or where `--config out=FOLDER` says; those of builds to bench/ where they belong. `--config mutants='--sample 20' reproduce='--trials 2'` are options of these programs, and
# the soak runs take RUNS, MEMORIES and CUES from the environment. What is done stays done, also when the sources have changed: `--forceall` does everything anew.
import os
import re
import subprocess

RELEASE = os.path.join(os.environ.get("CARGO_TARGET_DIR", "target"), "release")
OUT = str(config.get("out", "target/checks"))
SOAK = ["recalls", "noise", "learning", "fuzz"]
SEEDS = range(1, int(config.get("seeds", 8)) + 1)
ONLY = re.compile(str(config.get("only", "")))

# what the jobs run is built once, before anything is planned: what there is to do the programs say
if workflow.is_main_process:
    build = [*os.environ.get("CARGO", "cargo").split(), "build", "--release", "--locked"]
    subprocess.run([*build, "-p", "hopgate-formal", "-p", "hopgate-cli"], check=True)
    examples = [word for name in ("rate", "soak", "learning", "uart_noise") for word in ("--example", name)]
    subprocess.run([*build, "-p", "hopgate-sim", *examples], check=True)


def said(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def wanted(pattern, names):
    """The files of those names that are wanted."""
    return expand(pattern, name=[name for name in names if ONLY.search(name)])


def experiments():
    """Those that the help of `reproduce` lists."""
    listed = said(f"{RELEASE}/hopgate", "reproduce", "--help").split("Experiments:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


def rows(wildcards):
    """The tables of one row of a table of builds."""
    option = [] if wildcards.table == "hdl" else [f"--{wildcards.table}"]
    listed = said("python3", "bench/hdl.py", f"{RELEASE}/hopgate", *option, "--list").split()
    return wanted(OUT + "/builds/{name}.csv", [f"{wildcards.table}-{row}" for row in listed])


rule proofs:
    input:
        lambda w: wanted(OUT + "/proofs/{name}.csv", said(f"{RELEASE}/formal", "--list").split()),
    output:
        OUT + "/proofs.csv",
    localrule: True
    shell:
        "if [ -n '{input}' ]; then awk 'NR == 1 || FNR > 1' {input} >{output}; else touch {output}; fi"


# what one trial overlooks another may notice: only of all of them is it known what lives, and the table stays where some does
rule mutants:
    input:
        lambda w: wanted(OUT + "/mutants/{name}.csv", said(f"{RELEASE}/mutants", "--list").split()),
    output:
        touch(OUT + "/mutants.done"),
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        "if [ -n '{input}' ]; then {RELEASE}/mutants --join {input} -o " + OUT + "/mutants.csv; fi"


rule reproduce:
    input:
        lambda w: wanted(OUT + "/reproduce/{name}", experiments()),


rule soak:
    input:
        wanted(OUT + "/soak/{name}.done", expand("{part}-{seed}", part=SOAK, seed=SEEDS)),


rule hdl:
    input:
        expand(OUT + "/builds/{table}.done", table=["hdl", "sizes", "families"]),


rule table:
    input:
        rows,
    output:
        touch(OUT + "/builds/{table}.done"),
    params:
        option=lambda wildcards: "" if wildcards.table == "hdl" else "--" + wildcards.table,
    wildcard_constraints:
        table="hdl|sizes|families",
    localrule: True
    shell:
        "if [ -n '{input}' ]; then python3 bench/hdl.py {RELEASE}/hopgate {params.option} --join {input}; fi"


rule build:
    output:
        OUT + "/builds/{table}-{row}.csv",
    params:
        option=lambda wildcards: "" if wildcards.table == "hdl" else "--" + wildcards.table,
    wildcard_constraints:
        table="hdl|sizes|families",
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        "python3 bench/hdl.py {RELEASE}/hopgate {params.option} --one {wildcards.row} {output}"


rule proof:
    output:
        OUT + "/proofs/{name}.csv",
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        RELEASE + "/formal {wildcards.name} -o {output}"


rule mutant:
    output:
        OUT + "/mutants/{name}.csv",
    params:
        options=config.get("mutants", ""),
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        RELEASE + "/mutants {wildcards.name} --shard {params.options} -o {output}"


rule experiment:
    output:
        directory(OUT + "/reproduce/{name}"),
    params:
        options=config.get("reproduce", ""),
    threads: 2
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        RELEASE + "/hopgate reproduce {wildcards.name} {params.options} -o {output}"


rule random:
    output:
        touch(OUT + "/soak/{part}-{seed}.done"),
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        "EXAMPLES={RELEASE}/examples SEED={wildcards.seed} scripts/soak-random.sh {wildcards.part} " + OUT + "/soak/{wildcards.part}-{wildcards.seed}"
