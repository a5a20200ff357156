#!/bin/sh
# A small sweep of `hopgate explore`, carried out by Snakemake on this machine and by a Slurm of one node on the loopback: the tables must be the same to
# the byte. A model in shards, which must be that of one run. And a few proofs, mutants, experiments and soak runs in shards, interrupted and gone on with, here and on
# that Slurm.
#
#   scripts/test-workflow.sh PROGRAM
#
# Snakemake comes from PyPI into target/workflow. Slurm is Debian's (slurmctld, slurmd, munge), started in a scratch folder with a configuration of its own
# and stopped at the end; slurmd needs root. What is missing is said, and then the part that needs it is left out.
set -eu
case ${1:-} in
"") echo "usage: $0 PROGRAM" >&2 && exit 2 ;;
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
venv=$target/workflow
packages='snakemake>=9,<10 snakemake-executor-plugin-slurm>=2,<3 snakemake-executor-plugin-kubernetes>=0.5,<1 snakemake-storage-plugin-fs>=1,<2'
if [ "$(cat "$venv/packages" 2>/dev/null)" != "$packages" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    # shellcheck disable=SC2086 # a word each
    "$venv/bin/pip" install --quiet --disable-pip-version-check $packages
    echo "$packages" >"$venv/packages"
fi
PATH=$venv/bin:$PATH
export PATH

scratch=$(mktemp -d)
stop() {
    for name in slurmd slurmctld munged; do
        if [ -e "$scratch/$name.pid" ]; then kill "$(cat "$scratch/$name.pid")" 2>/dev/null || true; fi
    done
    # they write until they end
    tries=0
    until rm -rf "$scratch" 2>/dev/null && ! pgrep -f "$scratch" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 15 ] || break
        sleep 1
    done
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

plan() {
    "$program" explore random:N=24,P=20,seed=1 --gamma noise:0.1 --parallel 1,2 --board alchitry-cu --runs 2 --count 60 --quiet -o "$1"
}
sweep() {
    where=$1
    shift
    snakemake -d "$where" -s "$where/Snakefile" --quiet all --config "hopgate=$program" "$@"
}

printf '\n== a sweep on this machine\n'
plan "$scratch/local"
sweep "$scratch/local" -c "$(nproc)"
cat "$scratch/local/points.csv"

printf '\n== the same again does nothing\n'
before=$(stat -c %Y "$scratch/local/points.csv")
sweep "$scratch/local" -c 1
[ "$before" = "$(stat -c %Y "$scratch/local/points.csv")" ] || { echo 'workflow: a finished sweep was carried out again' >&2; exit 1; }

printf '\n== a sweep of classes by the profile for Kubernetes: a dry run, and the jobs on this machine with its storage between them\n'
"$program" explore digits --labels digits --centres 16 --gamma 0.05 --board alchitry-cu --runs 1 --count 20 --quiet -o "$scratch/classes"
mkdir "$scratch/volume"
cp -R "$scratch/classes/samples" "$scratch/volume"
stored() {
    profile=$1
    shift
    snakemake -d "$scratch/classes" -s "$scratch/classes/Snakefile" --profile "$profile" --default-storage-prefix "$scratch/volume" --config "hopgate=$program" "$@"
}
stored workflow/kubernetes --dry-run >"$scratch/said"
for rule in train quantize accuracy cycles build points; do
    grep -q "^$rule *1$" "$scratch/said" || { echo "workflow: the dry run has no $rule" >&2; exit 1; }
done
mkdir "$scratch/profile"
sed 's/^executor: kubernetes/executor: cubernetes/' workflow/kubernetes/config.yaml >"$scratch/profile/config.yaml"
if stored "$scratch/profile" --dry-run >"$scratch/said" 2>&1; then echo 'workflow: a profile with an executor that is none' >&2; exit 1; fi
grep -q 'cubernetes' "$scratch/said"
if command -v rsync >/dev/null 2>&1; then
    stored workflow/kubernetes --executor local -c 1 --quiet all
    cat "$scratch/volume/points.csv"
    grep -q ',alchitry-cu,,0\.[0-9]*,.*,true,$' "$scratch/volume/points.csv"
else
    echo "skipped: the sweep through the profile's storage: rsync not found (apt-get install rsync)" >&2
fi

printf '\n== a model in shards: interrupted, gone on with, and the same as one run\n'
run='random:N=24,P=40,seed=1'
train() { snakemake -s workflow/train.smk -d "$scratch/shards" --quiet all --config "hopgate=$program" "patterns=$run" gamma=0.3 shards=4 out=out -c 1 "$@"; }
train out/shard-2.npz
before=$(stat -c %Y "$scratch/shards/out/shard-2.npz")
train
[ "$before" = "$(stat -c %Y "$scratch/shards/out/shard-2.npz")" ] || { echo 'workflow: a shard that was there was trained again' >&2; exit 1; }
"$program" train "$run" --gamma 0.3 --quiet -o "$scratch/whole.npz" >/dev/null
cmp "$scratch/whole.npz" "$scratch/shards/out/model.npz"
if snakemake -s workflow/train.smk -d "$scratch/none" --config "hopgate=$program" "patterns=$run" shards=4 -c 1 2>"$scratch/said"; then
    echo 'workflow: shards without a gamma' >&2 && exit 1
fi
grep -q 'gamma=... is missing' "$scratch/said"

printf '\n== proofs, mutants, an experiment and a soak run in shards: interrupted, and gone on with\n'
export RUNS=2000
checks() {
    out=$1
    shift
    ${exec:-} env --default-signal=INT snakemake -s workflow/checks.smk --quiet all "$@" proofs mutants reproduce soak --config "out=$out" seeds=1 \
        'only=^(wishbone|port|few_steps|sequence_in_two_slots|fig4|noise-1)$' 'mutants=--sample 6' 'reproduce=--neurons 32 --trials 2'
}
# in the place of the shell, so that the signal meets Snakemake
(exec=exec && checks "$scratch/checks" -c 1) >"$scratch/interrupted" 2>&1 &
run=$!
tries=0
until [ "$(find "$scratch/checks" -type f 2>/dev/null | wc -l)" -ge 2 ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || { tail -n 20 "$scratch/interrupted" >&2; echo 'workflow: no check was done in five minutes' >&2; exit 1; }
    sleep 0.5
done
kill -INT "$run"
if wait "$run"; then echo 'workflow: Ctrl-C did not interrupt the checks' >&2; exit 1; fi
# one job at a time: the newest file may be of the one that was interrupted, which is done anew
done_before=$(find "$scratch/checks" -type f -printf '%T@ %p\n' | sort -rn | tail -n +2 | cut -d ' ' -f 2-)
[ -n "$done_before" ] || { echo 'workflow: nothing was done before Ctrl-C' >&2; exit 1; }
[ ! -e "$scratch/checks/mutants.done" ] || [ ! -e "$scratch/checks/proofs.csv" ] || { echo 'workflow: the checks were over before Ctrl-C' >&2; exit 1; }
touch "$scratch/then"
checks "$scratch/checks" -c 1 --rerun-incomplete
# what was done was not done again
for file in $done_before; do
    if [ "$file" -nt "$scratch/then" ]; then echo "workflow: $file was made again" >&2; exit 1; fi
done
# without the seconds, which are those of the day
tables() { sed 's/,proved,[0-9.]*,/,proved,/' "$1/proofs.csv" && cat "$1/mutants.csv" "$1/mutants-living.csv" "$1"/mutants/*.csv "$1/reproduce/fig4/fig4.csv" && (cd "$1/soak" && ls -- *.done); }
tables "$scratch/checks" >"$scratch/checks.txt"
cat "$scratch/checks.txt"
for row in '^wishbone,.*,proved,' '^port,.*,proved,' few_steps sequence_in_two_slots 'noise-1.done'; do
    grep -q "$row" "$scratch/checks.txt" || { echo "workflow: nothing of $row in the tables" >&2; exit 1; }
done

missing=
for name in munged slurmctld slurmd; do command -v "$name" >/dev/null 2>&1 || missing="$missing $name"; done
[ -z "$missing" ] || { echo "skipped: the sweep on Slurm:$missing not found (apt-get install munge slurmctld slurmd slurm-client)" >&2; exit 0; }
[ "$(id -u)" = 0 ] || { echo 'skipped: the sweep on Slurm: slurmd needs root' >&2; exit 0; }

printf '\n== the same sweep on Slurm, one node on the loopback\n'
host=$(hostname -s)
# a job of the profile wants two, and would wait for ever on a machine, or within a share of one, that has one
cpus=$(nproc)
[ "$cpus" -ge 2 ] || cpus=2
mkdir "$scratch/state" "$scratch/spool"
dd if=/dev/urandom of="$scratch/munge.key" bs=1 count=1024 2>/dev/null
chmod 400 "$scratch/munge.key"
munged --force --key-file="$scratch/munge.key" --socket="$scratch/munge.socket" --pid-file="$scratch/munged.pid" \
    --log-file="$scratch/munged.log" --seed-file="$scratch/munge.seed" 2>/dev/null
cat >"$scratch/slurm.conf" <<END
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$scratch/munge.socket
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool
SlurmctldPidFile=$scratch/slurmctld.pid
SlurmdPidFile=$scratch/slurmd.pid
SlurmctldLogFile=$scratch/slurmctld.log
SlurmdLogFile=$scratch/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SlurmdParameters=config_overrides
SelectTypeParameters=CR_Core
ReturnToService=2
MinJobAge=3600
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
SLURM_CONF=$scratch/slurm.conf
export SLURM_CONF
# a job's own srun is not told where the configuration is
mkdir "$scratch/bin"
printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$SLURM_CONF" "$(command -v srun)" >"$scratch/bin/srun"
chmod +x "$scratch/bin/srun"
PATH=$scratch/bin:$PATH
slurmctld
slurmd
tries=0
until sinfo -h -o %T 2>/dev/null | grep -q idle; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { tail -n 5 "$scratch/slurmctld.log" "$scratch/slurmd.log" >&2; echo 'workflow: Slurm does not start' >&2; exit 1; }
    sleep 1
done
plan "$scratch/slurm"
sweep "$scratch/slurm" --profile workflow/slurm --slurm-no-account --slurm-status-command squeue --slurm-init-seconds-before-status-checks 2
printf '\n== its jobs\n'
scontrol -o show job | sed -n 's/^\(JobId=[0-9]*\).* \(JobState=[A-Z]*\).* \(RunTime=[0-9:]*\).* \(Comment=[^ ]*\).*/\1 \2 \3 \4/p'
cmp "$scratch/local/points.csv" "$scratch/slurm/points.csv"
echo 'workflow: the tables of both are the same'

printf '\n== the same checks on Slurm\n'
slurm='--profile workflow/slurm --slurm-no-account --slurm-status-command squeue --slurm-init-seconds-before-status-checks 2'
# shellcheck disable=SC2086 # words
checks "$scratch/checks-slurm" $slurm
tables "$scratch/checks-slurm" | cmp - "$scratch/checks.txt"
echo 'workflow: the tables of both checks are the same'
