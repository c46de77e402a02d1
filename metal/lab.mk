# SPDX-License-Identifier: GPL-2.0-only
# Measuring on the machines of a cluster under Slurm: metal/lab-setup and metal/lab-submit say what the
# variables mean. None of this installs packages: that is `make setup`, and the administrator.
.PHONY: lab-setup lab-submit lab-status

lab-setup: ## what a cluster's administrator installs (KINDS=, VARIANTS=; OUT=<folder> writes it)
	$(Q)metal/lab-setup $(if $(OUT),"$$OUT")

lab-submit: ## measure on its nodes: a job per KINDS= x VARIANTS= x BOOTS= in PARTITION=; again: goes on
	$(Q)$(build)
	$(Q)metal/lab-submit

lab-status: ## how far that is, and how long it takes (make report RUN=<LAB> any time)
	$(Q)metal/lab-status
#=   KINDS="epyc xeon"      lab: Slurm's features that tell kinds of machine apart
#=   PARTITION=<name>       lab: where the jobs go
#=   LAB=<folder>           lab: where it all lies, for all its machines to see (results/lab)
