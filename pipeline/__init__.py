"""Turn the raw serving logs of a chatbot arena into a dataset that can be released.

Read the modules in this order; each imports only from those above it.

    schemas      what a log line, a staged row, a released row and a manifest look like
    errors       everything that can go wrong, as a tree
    stage        what a stage is, and the promises it makes
    messages     work on the text inside the nested `conversation` column
    files        the only module that touches files, local or remote
    ingest/      bytes -> lines -> events -> staged rows
    stages/      one idea a file, e.g. stages/superseded.py
    recipe       configs/*.yaml -> a checked list of stages
    plan         which bytes are a unit of work
    staging, judging, cutting, writing   the work of the phases, as plain functions
    earlier, reuse   going on from an earlier run: what it staged and finished
    tombstones   what must never be released again
    books        the accounts of a run: nothing is lost silently
    statistics/, card/   what a release says of itself
    plain, flow  the same phases in a plain loop, and on Apache Beam
    run          phases in order, with receipts, a lock and resume
    contract/    whether a release keeps what it promises
    hub/         a release to where others read it
    report/      the private page of a run
    api          run a recipe, read a release, from Python
    cli          the `curate` command
"""
