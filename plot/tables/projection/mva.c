// SPDX-License-Identifier: GPL-2.0-only
#include "mva.h"

double mva_throughput(const struct network *network, unsigned customers)
{
	double queue[STATIONS_MAX] = {0};
	double throughput = 0;

	for (unsigned n = 1; n <= customers; n++) {
		double residence[STATIONS_MAX];
		double cycle = network->delay;

		for (size_t k = 0; k < network->n; k++) {
			residence[k] = network->demand[k] * (1 + queue[k]);
			cycle += residence[k];
		}
		throughput = n / cycle;
		for (size_t k = 0; k < network->n; k++)
			queue[k] = throughput * residence[k];
	}
	return throughput;
}

double mva_bound(const struct network *network, unsigned customers)
{
	double alone = network->delay;
	double most = 0;

	for (size_t k = 0; k < network->n; k++) {
		alone += network->demand[k];
		if (network->demand[k] > most)
			most = network->demand[k];
	}
	return most > 0 && 1 / most < customers / alone ? 1 / most : customers / alone;
}
