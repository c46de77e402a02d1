# SPDX-License-Identifier: GPL-2.0-only
# Measuring on a machine of one's own, restarting it: metal/campaign and metal/step
# say what the variables mean. None of this installs packages: that is `make setup`.
.PHONY: campaign campaign-status campaign-stop campaign-resume step

campaign: ## measure on this machine, unattended: restarts it into each kernel (asks first)
	$(Q)$(build)
	$(Q)metal/campaign start

campaign-status: ## how far the campaign is
	$(Q)metal/campaign status

campaign-stop: ## stop it after the measurement at hand; what is measured stays
	$(Q)metal/campaign stop

campaign-resume: ## go on with a stopped campaign (RETRY=1: also with what failed)
	$(Q)metal/campaign resume

step: ## the campaign's next step; NOREBOOT=1: a scheduler boots the kernels
	$(Q)metal/step
#=   METHOD=kexec|grub      how a campaign gets into the next kernel
#=   CAMPAIGN=<folder>      where a campaign keeps its state
#=   YES=1                  do not ask before a restart
