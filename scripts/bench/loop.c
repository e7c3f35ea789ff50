/* The yardstick of scripts/bench.sh: two TAPs, one buffer, poll, read, write. Nothing looks at the frames.
 *
 *   loop [--no-offload] NAME[@NETNS] NAME[@NETNS]
 *
 * Prints "ready" once both TAPs exist and the frames moved each way at SIGTERM or SIGINT.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef TUN_F_USO4 /* linux/if_tun.h since 6.2 */
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

enum {
    BUDGET = 64,                       /* frames from one side before the other gets its turn */
    BUFFER = 10 + 65535 + 14 + 4 * 4,  /* virtio header, the longest IP packet, Ethernet, four VLAN tags */
};

struct port {
    int fd;
    unsigned long long received, refused;
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

static void enter(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
        err(1, "%s", path);
    close(fd);
}

/* A TAP lives in the namespace that its creator is in when it opens /dev/net/tun. */
static int open_tap(char *specification, int offload)
{
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    char home[64], path[256];
    int header = 10;
    char *netns = strchr(specification, '@');

    snprintf(home, sizeof home, "/proc/%d/ns/net", getpid());
    int back = open(home, O_RDONLY | O_CLOEXEC);
    if (back < 0)
        err(1, "%s", home);
    if (netns) {
        *netns++ = 0;
        snprintf(path, sizeof path, "/run/netns/%s", netns);
        enter(path);
    }

    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        err(1, "/dev/net/tun");
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", specification);
    if (offload)
        request.ifr_flags |= IFF_VNET_HDR;
    if (ioctl(fd, TUNSETIFF, &request) < 0)
        err(1, "TUNSETIFF %s", specification);
    if (offload) {
        unsigned features = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
        if (ioctl(fd, TUNSETVNETHDRSZ, &header) < 0)
            err(1, "TUNSETVNETHDRSZ %s", specification);
        /* Kernels before 6.2 know no USO. */
        if (ioctl(fd, TUNSETOFFLOAD, features | TUN_F_USO4 | TUN_F_USO6) < 0 && ioctl(fd, TUNSETOFFLOAD, features) < 0)
            err(1, "TUNSETOFFLOAD %s", specification);
    }

    if (setns(back, CLONE_NEWNET) < 0)
        err(1, "%s", home);
    close(back);
    return fd;
}

static void drain(struct port *from, struct port *to)
{
    static unsigned char buffer[BUFFER];

    for (int i = 0; i < BUDGET; i++) {
        ssize_t length = read(from->fd, buffer, sizeof buffer);
        if (length < 0)
            return;
        from->received++;
        if (write(to->fd, buffer, length) != length)
            to->refused++;
    }
}

int main(int argc, char **argv)
{
    int offload = 1;
    if (argc > 1 && !strcmp(argv[1], "--no-offload")) {
        offload = 0;
        argv++, argc--;
    }
    if (argc != 3) {
        fprintf(stderr, "usage: loop [--no-offload] NAME[@NETNS] NAME[@NETNS]\n");
        return 2;
    }

    struct port left = { .fd = open_tap(argv[1], offload) }, right = { .fd = open_tap(argv[2], offload) };
    struct sigaction action = { .sa_handler = stop };
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    puts("ready");
    fflush(stdout);

    struct pollfd ready[2] = { { left.fd, POLLIN, 0 }, { right.fd, POLLIN, 0 } };
    while (!stopped) {
        if (poll(ready, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            err(1, "poll");
        }
        if (ready[0].revents)
            drain(&left, &right);
        if (ready[1].revents)
            drain(&right, &left);
    }

    printf("%llu frames to the right (%llu refused), %llu to the left (%llu refused)\n",
           left.received, right.refused, right.received, left.refused);
    return 0;
}
