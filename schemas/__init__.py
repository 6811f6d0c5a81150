"""The contracts: what a log line, a staged row, a released row and a manifest look like.

raw        the raw event, as JSON Schema and as the tables of its historic versions
staged     rows between the phases, private
released   the columns of a release, one documented field a line
manifest   the records of a run and of a release
"""
