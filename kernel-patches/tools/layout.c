// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiled with debug information in a kernel's tree, never linked: the structures that
 * are known here are those of its layout.tsv (layout.sh). Those of a .c file are known by
 * including it, as eventfd_ctx is.
 */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kobject.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>
#include <linux/user_namespace.h>
#include <net/af_unix.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "fs/mount.h"
#include "fs/proc/internal.h"
#include "mm/slab.h"

#include "fs/eventfd.c"
