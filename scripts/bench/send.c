/* Sends 60-octet frames, as fast as it can or at a rate, out of one interface.
 *
 *   send INTERFACE MILLISECONDS [FRAMES-PER-SECOND]
 *
 * Each is a bare TCP ACK over IPv4 to a hardware address that nobody has: every bridge forwards it, every parser has something to
 * parse, and the receiving host drops it as soon as it has counted it. Prints how many the interface took.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 32, LENGTH = 60 };

static const unsigned char frame[LENGTH] = {
    0x02, 0, 0, 0, 0x99, 0x02, 0x02, 0, 0, 0, 0x99, 0x01, 0x08, 0x00,               /* Ethernet */
    0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0xb6, 0xcb, 192, 0, 2, 1, 192, 0, 2, 2,   /* IPv4, 192.0.2.1 > 192.0.2.2 */
    0x9c, 0x40, 0x13, 0x89, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0, 0x7b, 0x05, 0, 0,   /* TCP, ACK */
};

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: send INTERFACE MILLISECONDS [FRAMES-PER-SECOND]\n");
        return 2;
    }

    struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(argv[1]), .sll_protocol = htons(ETH_P_IP) };
    int one = 1, fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0 || !to.sll_ifindex || bind(fd, (struct sockaddr *)&to, sizeof to) < 0)
        err(1, "%s", argv[1]);
    if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one) < 0)
        err(1, "PACKET_QDISC_BYPASS");

    struct iovec piece = { (void *)frame, LENGTH };
    struct mmsghdr batch[BATCH] = { 0 };
    for (int i = 0; i < BATCH; i++)
        batch[i].msg_hdr.msg_iov = &piece, batch[i].msg_hdr.msg_iovlen = 1;

    long long begin = now(), end = begin + atoll(argv[2]) * 1000000, taken = 0, due = 0;
    double rate = argc > 3 ? atof(argv[3]) : 0;
    for (long long time = begin; time < end; time = now()) {
        if (rate > 0 && due > (time - begin) * rate / 1e9)
            continue;
        /* A full queue refuses with ENOBUFS: that frame is lost, as on a wire. */
        int sent = sendmmsg(fd, batch, BATCH, 0);
        taken += sent > 0 ? sent : 0;
        due += BATCH;
    }

    printf("%lld\n", taken);
    return 0;
}
