# Proofs, mutants, soak runs and experiments in shards: one job for each property, trial, seed or experiment.
#
#     snakemake -s workflow/checks.smk -c 2 proofs
#     snakemake -s workflow/checks.smk --executor slurm -j 50 mutants soak reproduce
#
# `--config seeds=20` sets how many seeds the random part has. Tables go to target/checks. What is done stays done, also when the
# sources have changed: `--forceall` does everything anew.
import subprocess

OUT = "target/checks"
BINARIES = ["formal", "mutants", "hopgate"]
SEEDS = range(1, int(config.get("seeds", 8)) + 1)


def listed(program):
    """What a program says that there is."""
    return lambda: subprocess.run([f"target/release/{program}", "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()


def experiments():
    """Those that the help of `reproduce` lists."""
    words = subprocess.run(["target/release/hopgate", "reproduce", "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    listed = words.split("Experiments:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


def of(pattern, names):
    """The files of everything that there is, which is known when the programs are built."""

    def files(wildcards):
        checkpoints.programs.get()
        return expand(pattern, name=names())

    return files


rule proofs:
    input:
        of(OUT + "/proofs/{name}.csv", listed("formal")),


rule mutants:
    input:
        of(OUT + "/mutants/{name}.csv", listed("mutants")),


rule reproduce:
    input:
        of(OUT + "/reproduce/{name}", experiments),


rule soak:
    input:
        expand(OUT + "/soak/{part}-{seed}.done", part=["recalls", "noise"], seed=SEEDS),


checkpoint programs:
    output:
        [f"target/release/{name}" for name in BINARIES],
    localrule: True
    shell:
        "cargo build --release --locked -p hopgate-formal -p hopgate-cli && touch {output}"


rule proof:
    output:
        OUT + "/proofs/{name}.csv",
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        "target/release/formal {wildcards.name} -o {output}"


rule mutant:
    output:
        OUT + "/mutants/{name}.csv",
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        "target/release/mutants {wildcards.name} -o {output}"


rule experiment:
    output:
        directory(OUT + "/reproduce/{name}"),
    threads: 2
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        "target/release/hopgate reproduce {wildcards.name} -o {output}"


rule random:
    output:
        touch(OUT + "/soak/{part}-{seed}.done"),
    resources:
        runtime=600,
        mem_mb=4000,
    shell:
        "SEED={wildcards.seed} scripts/soak-random.sh {wildcards.part} " + OUT + "/soak/{wildcards.part}-{wildcards.seed}"
