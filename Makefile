.DEFAULT_GOAL := help
UV := $(shell command -v uv 2>/dev/null || echo $(CURDIR)/.tools/bin/uv)
IN := $(UV) run --locked --quiet
SAMPLE := build/sample
unexport PYTHONDONTWRITEBYTECODE # else each start compiles Beam's sources anew: 3 s

help:    ## Show this help
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

$(CURDIR)/.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

setup: $(if $(findstring .tools,$(UV)),$(UV)) ## Install everything into .venv, as uv.lock says
	@$(UV) sync --locked --quiet

run: setup ## Curate generated sample logs into build/sample/out
	@rm -rf $(SAMPLE) && mkdir -p $(SAMPLE)
	@$(IN) curate key $(SAMPLE)/id.key
	@$(IN) curate sample $(SAMPLE)/logs
	@$(IN) curate run configs/release.yaml --input '$(SAMPLE)/logs/**/*-conv.json' \
	  --output $(SAMPLE)/out --id-key-file $(SAMPLE)/id.key

test: setup ## Unit tests, promises, and the short form of every proof
	@$(IN) pytest -n 2 --dist loadfile -m "not proof and not slow and not browser and not airflow and not cluster"

short: setup ## Short forms of long proofs: quality of redaction, exactness to Presidio
	@$(IN) pytest -m slow

check: lint types rooms test ## Everything that must be green before a commit

lint: setup ## Formatting and style
	@$(IN) ruff format --check . && $(IN) ruff check .

types: setup ## Static types
	@$(IN) mypy pipeline schemas tests benchmarks docs

rooms: setup ## Do imports still flow one way?
	@$(IN) lint-imports

wheel: setup ## Build the wheel, install it alone, and let it check its own recipe
	@rm -rf build/dist && $(UV) build --quiet --wheel --out-dir build/dist
	@cd build && $(UV) run --isolated --no-project --quiet --with dist/*.whl curate check release

fix: setup ## Format, fix what can be fixed, write the generated tables
	@$(IN) ruff format . && $(IN) ruff check --fix . && $(IN) python docs/generate.py

proofs: setup ## The long form of the proofs: kills, memory (half an hour)
	@$(IN) pytest -m proof

test-browser: setup ## Report and review page in Debian's Chromium (installed by apt-get if missing)
	@test -x /usr/bin/chromium || { apt-get update -qq && apt-get install -y -qq chromium > /dev/null; }
	@$(IN) pytest -m browser

build/airflow/venv/.made: dags/uv.lock
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/build/airflow/venv $(UV) --project dags sync --locked --quiet
	@touch $@

airflow: setup build/airflow/venv/.made ## Airflow on loopback, with the DAGs and sample logs to run
	@$(IN) python dags/serve.py build/airflow

test-airflow: setup build/airflow/venv/.made ## A real Airflow runs the DAGs end to end
	@$(IN) pytest -m airflow

flink: setup ## Start a Flink cluster on loopback for `curate run --engine flink`; `make flink-stop`
	@$(IN) python -m tests.cluster.flink start build/flink

flink-stop: setup ## End that cluster
	@$(IN) python -m tests.cluster.flink stop build/flink

short-flink: setup ## Short form on generated logs: same bytes, one kill, bytes shuffled
	@$(IN) pytest -x tests/cluster/test_flink.py -m "cluster and not proof"

test-flink: setup ## The main job on a real Flink cluster; kills; bytes and memory (needs Java, Maven)
	@$(IN) pytest -m cluster tests/cluster/test_flink.py

spark: setup ## Start a Spark cluster on loopback for `curate run --engine spark`; `make spark-stop`
	@$(IN) python -m tests.cluster.spark start build/spark

spark-stop: setup ## End that cluster
	@$(IN) python -m tests.cluster.spark stop build/spark

short-spark: setup ## Short form on generated logs: same bytes, one kill, bytes shuffled
	@$(IN) pytest -x tests/cluster/test_spark.py -m "cluster and not proof"

test-spark: setup ## The main job on a real Spark cluster, on raw_3k, too (needs Java, Maven)
	@$(IN) pytest -m cluster tests/cluster/test_spark.py

bench: setup ## Speed and memory of the main job, as Markdown
	@$(IN) python benchmarks/main_job.py

bench-recipe: setup ## The whole release recipe: speed, peak memory, where the time goes
	@$(IN) python -m benchmarks.whole_recipe

bench-dedup: setup ## Near-duplicates: quality against all pairs, speed beside peers, flatness
	@$(IN) python benchmarks/near_duplicates.py quality
	@$(IN) python benchmarks/near_duplicates.py speed
	@$(IN) python benchmarks/near_duplicates.py flat

bench-tags: setup ## Moderation and jailbreaks: quality by folds, sets apart, chat; speed
	@$(IN) python -m benchmarks.moderation all

bench-topics: setup ## Topics: agreement with labels and languages, from few labels; speed
	@$(IN) python -m benchmarks.topics all

bench-growing: setup ## A tenth more logs, a thousandth forgotten: CPU, bytes sent to a Hub
	@$(IN) python -m benchmarks.growing

bench-language: setup ## Languages: accuracy beside peers, on logs; speed of tags and scores
	@$(IN) python -m benchmarks.language others
	@$(IN) python -m benchmarks.language logs
	@$(IN) python -m benchmarks.language scores

bench-pii: setup ## Redaction: recall, precision, false alarms, speed, Presidio beside ours
	@$(IN) python -m benchmarks.pii.evaluate tables
	@$(IN) python -m benchmarks.pii.altered
	@$(IN) python -m benchmarks.pii.speed
	@$(IN) python -m benchmarks.presidio

.PHONY: $(shell sed -n "s/^\([a-z-]*\):.*/\1/p" Makefile)
