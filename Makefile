# make run     the whole server, at http://127.0.0.1:8000
# make share   the same for the room: prints what to open on the Chromebooks; HTTPS=1 encrypts it
# make test    every test
# make backup TO=/mnt/backups    make restore FROM=/mnt/backups/ftcml-…    make move: docs/operators/backups.md
# The rest is for people who change the code: lint, licenses, sbom, image, format, lock, protos, acceptance, bench,
# chaos, cluster, fuzz, growth, proxies.

SHELL := /bin/sh
PYTHON ?=
BIN := .venv/bin
ifdef DATA
DATA_OPTIONS := --data $(DATA)
endif
# Containers of CI set it. Then each process would compile all that it imports: TensorFlow alone takes 10 s, and not 4.
unexport PYTHONDONTWRITEBYTECODE
BENCH ?= pages load upload_load throughput step_profile evaluation_parts export_parts start_up memory imports videos \
	first_frame galleries near_duplicates labeling time_to_accuracy recall_by_size recipes

.PHONY: run share backup restore move test test-benches lint licenses sbom image format acceptance bench bare proxies chaos cluster fuzz growth screenshots lock protos set-up-run set-up-test

run: set-up-run
	@exec $(BIN)/python manage.py serve

# make share HTTPS=1         by HTTPS, with a certificate that it makes
share: set-up-run
	@exec $(BIN)/python manage.py share $(if $(filter 1,$(HTTPS)),--https)

# make backup TO=/mnt/backups            while the server runs; KEEP=14 removes all but the newest 14
backup: set-up-run
	@exec $(BIN)/python manage.py back_up "$(or $(TO),$(error Name a folder: make backup TO=/mnt/backups))" \
	$(if $(KEEP),--keep $(KEEP))

# make restore FROM=/mnt/backups/ftcml-20261130-191500            into the empty place of the settings; CHECK=1 only checks
restore: set-up-run
	@exec $(BIN)/python manage.py restore "$(or $(FROM),$(error Name a backup: make restore FROM=/mnt/backups/ftcml-…))" \
	$(if $(CHECK),--check)

# make move            from FTCML_DATA to what DATABASE_URL and FTCML_S3_BUCKET name, both empty
move: set-up-run
	@exec $(BIN)/python manage.py move_data

# Three tests at a time, also on two cores: many wait for a process or a browser of their own. At the lowest priority, for
# trainers lower theirs, and tests beside them would starve them. On a machine with less than 16 GB of memory: AT_ONCE=1.
AT_ONCE ?= 3
test: set-up-test
	@FTCML_TEST_CHROMIUM="$$($(BIN)/python scripts/chromium.py)" && export FTCML_TEST_CHROMIUM && \
	exec nice -n 19 $(BIN)/python -m pytest -n $(AT_ONCE) $(ARGS)

# Every bench with the tiny model, for those who change one.
test-benches: set-up-test
	@exec nice -n 19 $(BIN)/python -m pytest -m benches tests/bench/test_benches.py $(ARGS)

lint: set-up-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/browser_code.py lint types
	$(BIN)/python -m scripts.supply.licenses --check
	$(BIN)/python -m scripts.supply.advisories

# make licenses                       every package with its license
# make sbom FILE=ftcml.cdx.json       what the server is made of, as a CycloneDX bill of materials
# make image                          builds the images, starts all services and tries them; needs Docker
FILE ?= ftcml.cdx.json
licenses: set-up-test
	@exec $(BIN)/python -m scripts.supply.licenses

sbom: set-up-test
	@$(BIN)/python -m scripts.supply.bill_of_materials $(FILE) && echo "Written to $(FILE)"

image: set-up-test
	@exec $(BIN)/python -m scripts.supply.image

format: set-up-test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python scripts/browser_code.py format

# make acceptance DATA=/path/to/raccoon-voc.zip
acceptance: set-up-test
	@exec $(BIN)/python -m bench acceptance $(DATA_OPTIONS)

# make bench                                                all of them: many hours
# make bench BENCH=throughput ARGS='--only "v2 320"'        one of them, with its options
# make bench BENCH=time_to_accuracy DATA=/path/to/voc.zip   any Pascal VOC zip
bench: set-up-test
	@missed=0; $(foreach name,$(BENCH),$(BIN)/python -m bench $(name) \
		$(if $(filter videos near_duplicates time_to_accuracy recipes,$(name)),$(DATA_OPTIONS)) $(ARGS) || missed=1;) exit $$missed

# make chaos                                all of it, with 60 kills
# make chaos ARGS='--seed 2 --kills 6'      other moments, and fewer of them
# make chaos ARGS='--only broker asleep'    some of it
chaos: set-up-test
	@exec $(BIN)/python -m bench chaos $(ARGS)

# make cluster                              three hosts on one machine, 60 faults; needs root
# make cluster ARGS='--faults 12'           a try
cluster: set-up-test
	@exec $(BIN)/python -m bench cluster $(ARGS)

# make fuzz                                 500 archives and 200 videos with something wrong in them
# make fuzz FUZZ=fuzz ARGS='--seed 2 --only 17'       one of the archives again; fuzz_videos for one of the videos
FUZZ ?= fuzz fuzz_videos
fuzz: set-up-test
	@missed=0; $(foreach name,$(FUZZ),$(BIN)/python -m bench $(name) $(ARGS) || missed=1;) exit $$missed

# make growth                               2,400 archives that grow, none of which may be read slowly
growth: set-up-test
	@exec $(BIN)/python -m bench growth $(ARGS)

# make proxies               deploy/nginx.conf and deploy/Caddyfile in front of a server; needs nginx or Caddy
proxies: set-up-test
	@exec $(BIN)/python -m bench proxies $(ARGS)

# make bare                  the README's lines on a Debian with nothing else on it; needs root and debootstrap
# make bare ARGS=trixie      one of bookworm, trixie, trouble
bare: set-up-test
	@exec $(BIN)/python -m bench bare $(ARGS)

# The pictures of the README and the tour, from a real first visit.
screenshots: set-up-test
	@$(BIN)/python -m bench first_visit $(DATA_OPTIONS) $(ARGS)
	@exec $(BIN)/python -m bench room_picture $(ARGS)

# Newer versions of everything: lock files with versions and hashes, and no registry's address.
COMPILE := $(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --quiet
lock: set-up-test
	$(COMPILE) pyproject.toml -o requirements/run.lock
	$(COMPILE) --extra test -c requirements/run.lock pyproject.toml -o requirements/test.lock
	$(COMPILE) -c requirements/run.lock requirements/gpu.in -o requirements/gpu.lock
	$(COMPILE) -c requirements/run.lock requirements/uv.in -o requirements/uv.lock
	$(COMPILE) requirements/node.in -o requirements/node.lock
	$(COMPILE) requirements/protoc.in -o requirements/protoc.lock
	$(BIN)/uv tool run --from "$$(cat requirements/node.in)" npm install --package-lock-only

# The classes of datasets/protos/*.proto. protobuf reads those of its own major version and of the one before, so the
# compiler in requirements/protoc.in may not be newer than the oldest protobuf that pyproject.toml allows.
protos: set-up-test
	@compiler="$$(mktemp -d)" && trap 'rm -rf "$$compiler"' EXIT && \
	$(BIN)/uv pip install --quiet --require-hashes --target "$$compiler" --requirements requirements/protoc.lock && \
	PYTHONPATH="$$compiler" $(BIN)/python -m grpc_tools.protoc -I. --python_out=. --pyi_out=. datasets/protos/*.proto

set-up-run set-up-test: set-up-%:
	@found="$$(PYTHON='$(PYTHON)' sh scripts/find_python.sh)" && "$$found" scripts/set_up.py $*
