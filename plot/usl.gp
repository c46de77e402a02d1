# SPDX-License-Identifier: GPL-2.0-only
# The Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007):
#   X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))
# lambda: throughput of one worker; sigma: contention, the share of an operation that
# is serialised; kappa: coherency, what each pair of workers costs.
# gnuplot -c usl.gp DATA OUT, DATA being lines "workers throughput". Writes
# "converged lambda sigma error kappa error" to OUT, tab-separated. Every worker count counts
# alike, relative to its throughput; the errors are gnuplot's asymptotic standard errors.
data = ARG1
out = ARG2
# Relative to a worker of the first count, so that all parameters are near 1 or below.
stats data using ($2 / $1) every ::0::0 nooutput
unit = STATS_max
X(N) = lambda * N / (1 + sigma * (N - 1) + kappa * N * (N - 1))
lambda = 1.0
sigma = 0.05
kappa = 0.001
set fit quiet logfile "/dev/null" errorvariables limit 1e-9 maxiter 200
fit X(x) data using 1:($2 / unit):($2 / unit) yerror via lambda, sigma, kappa
set print out
print sprintf("%d\t%.10g\t%.6g\t%.2g\t%.6g\t%.2g", FIT_CONVERGED, lambda * unit, sigma, sigma_err, kappa, kappa_err)
