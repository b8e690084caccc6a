"""How the site is: named probes, numbers for Prometheus, and who may see them."""
