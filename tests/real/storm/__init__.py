"""The storm: an office publishes to three real WordPress while everything that can go wrong does.

`python -m tests.real.storm --stories 100 --minutes 6 --seed 1` (or `make storm`) runs it in large, test_wordpress_storm.py in small.

- `tales`: what is written, verified, corrected, withdrawn and restored, and when: drawn from the seed.
- `desk`: the editors, a process of its own that does what they do on the screens.
- `office`: an office in a folder of its own, its desk and its worker (`manage.py work`), which may be killed.
- `weather`: faults at the sites for the worker's requests only, outages, and kills: drawn from the seed.
- `reader`: an outsider who reads every site all the while, unhindered, and notes what nobody may ever see.
- `verdict`: what the sites must hold when the storm is over.
- `naive`: what becomes of stories in the same weather with a publisher that tries again until it is told yes.
"""
