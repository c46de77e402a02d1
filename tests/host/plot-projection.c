// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of a closed network: plot-projection mva|bound|simulate DELAY CUSTOMERS DEMAND... prints its
 * throughput, by plot/tables/projection/mva.c or by an event simulation of 2 million
 * operations with a fixed seed: customers think for an exponential time, then queue at
 * each station in turn, first come first served, for an exponential time.
 * nearness CUSTOMERS prints machine.c's mean ns of the machine.tsv on stdin's path.
 */
#include "../../plot/tables/projection/machine.h"
#include "../../plot/tables/projection/mva.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CUSTOMERS_MAX = 512, OPERATIONS = 2000000, WARM_UP = 200000 };

static uint64_t random_state = 88172645463325252u;

/* xorshift64 (Marsaglia 2003). */
static double exponential(double mean)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return -mean * log(((double)(random_state >> 11) + 0.5) / 9007199254740992.0);
}

struct customer {
	double next;    /* when it gets to its next station, or is done there */
	size_t station; /* where it is going, or is; n: it thinks */
	int served;
};

/* Who is at the earliest event; those in a queue have none. */
static unsigned earliest(const struct customer *c, unsigned customers)
{
	unsigned first = 0;

	for (unsigned i = 1; i < customers; i++) {
		if (c[i].next < c[first].next)
			first = i;
	}
	return first;
}

static double simulate(const struct network *net, unsigned customers)
{
	static struct customer c[CUSTOMERS_MAX];
	static unsigned queue[STATIONS_MAX][CUSTOMERS_MAX];
	unsigned head[STATIONS_MAX] = {0};
	unsigned length[STATIONS_MAX] = {0};
	double begun = 0;
	double now = 0;
	unsigned done = 0;

	for (unsigned i = 0; i < customers; i++)
		c[i] = (struct customer){.next = exponential(net->delay)};
	while (done < OPERATIONS + WARM_UP) {
		unsigned i = earliest(c, customers);
		size_t k = c[i].station;

		now = c[i].next;
		if (c[i].served) { /* leaves; the next one is served */
			head[k] = (head[k] + 1) % CUSTOMERS_MAX;
			if (--length[k] > 0) {
				unsigned next = queue[k][head[k]];

				c[next].served = 1;
				c[next].next = now + exponential(net->demand[k]);
			}
			c[i].served = 0;
			c[i].station = ++k;
		}
		if (k == net->n) {
			done++;
			if (done == WARM_UP)
				begun = now;
			c[i].station = 0;
			c[i].next = now + exponential(net->delay);
			continue;
		}
		queue[k][(head[k] + length[k]) % CUSTOMERS_MAX] = i;
		c[i].served = ++length[k] == 1;
		c[i].next = c[i].served ? now + exponential(net->demand[k]) : INFINITY;
	}
	return OPERATIONS / (now - begun);
}

int main(int argc, char **argv)
{
	struct network net = {0};
	struct machine machine;
	unsigned customers;
	char why[512];

	if (argc == 4 && strcmp(argv[1], "nearness") == 0) {
		if (machine_read(&machine, argv[2], why, sizeof(why)) != 0) {
			fprintf(stderr, "%s\n", why);
			return 1;
		}
		printf("%g\n", machine_transfer_ns(&machine, (unsigned)atoi(argv[3])));
		return 0;
	}
	if (argc < 4)
		return 1;
	net.delay = atof(argv[2]);
	customers = (unsigned)atoi(argv[3]);
	for (int i = 4; i < argc; i++)
		net.demand[net.n++] = atof(argv[i]);
	printf("%.9g\n", strcmp(argv[1], "simulate") == 0 ? simulate(&net, customers)
			 : strcmp(argv[1], "bound") == 0  ? mva_bound(&net, customers)
							  : mva_throughput(&net, customers));
	return 0;
}
