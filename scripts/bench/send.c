/* Sends 60-octet frames, as fast as it can or at a rate, out of one interface.
 *
 *   send INTERFACE MILLISECONDS [FRAMES-PER-SECOND [FLOWS]]
 *
 * A rate of 0 is as fast as it can. FLOWS, 1 unless said, is from how many source addresses they come in turn. Each is a bare TCP ACK over IPv4 to a hardware address that nobody has: every bridge forwards it, every parser has something to
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

static const unsigned char template[LENGTH] = {
    0x02, 0, 0, 0, 0x99, 0x02, 0x02, 0, 0, 0, 0x99, 0x01, 0x08, 0x00,               /* Ethernet */
    0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0xb6, 0xcb, 192, 0, 2, 1, 192, 0, 2, 2,   /* IPv4, 192.0.2.1 > 192.0.2.2 */
    0x9c, 0x40, 0x13, 0x89, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0, 0x7b, 0x05, 0, 0,   /* TCP, ACK */
};

/* Another source address; the header's and the segment's checksums follow (RFC 1624). */
static void set_source(unsigned char *frame, unsigned source)
{
    static const int checksums[] = { 24, 50 };
    for (int i = 0; i < 2; i++) {
        unsigned char *at = frame + checksums[i];
        unsigned sum = (unsigned short)~(at[0] << 8 | at[1]);
        for (int half = 26; half < 30; half += 2)
            sum += (unsigned short)~(frame[half] << 8 | frame[half + 1]);
        sum += (source >> 16) + (source & 0xffff);
        while (sum >> 16)
            sum = (sum & 0xffff) + (sum >> 16);
        at[0] = ~sum >> 8, at[1] = ~sum;
    }
    unsigned network = htonl(source);
    memcpy(frame + 26, &network, 4);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: send INTERFACE MILLISECONDS [FRAMES-PER-SECOND [FLOWS]]\n");
        return 2;
    }

    struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(argv[1]), .sll_protocol = htons(ETH_P_IP) };
    int one = 1, fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0 || !to.sll_ifindex || bind(fd, (struct sockaddr *)&to, sizeof to) < 0)
        err(1, "%s", argv[1]);
    if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one) < 0)
        err(1, "PACKET_QDISC_BYPASS");

    static unsigned char frames[BATCH][LENGTH];
    struct iovec pieces[BATCH];
    struct mmsghdr batch[BATCH] = { 0 };
    for (int i = 0; i < BATCH; i++) {
        memcpy(frames[i], template, LENGTH);
        pieces[i] = (struct iovec){ frames[i], LENGTH };
        batch[i].msg_hdr.msg_iov = &pieces[i], batch[i].msg_hdr.msg_iovlen = 1;
    }

    long long begin = now(), end = begin + atoll(argv[2]) * 1000000, taken = 0, due = 0;
    double rate = argc > 3 ? atof(argv[3]) : 0;
    unsigned flows = argc > 4 ? atoi(argv[4]) : 1, flow = 0;
    for (long long time = begin; time < end; time = now()) {
        if (rate > 0 && due > (time - begin) * rate / 1e9)
            continue;
        if (flows > 1)
            for (int i = 0; i < BATCH; i++, flow = (flow + 1) % flows)
                set_source(frames[i], 0x0a000000 + flow);    /* 10.0.0.0/8 */
        /* A full queue refuses with ENOBUFS: that frame is lost, as on a wire. */
        int sent = sendmmsg(fd, batch, BATCH, 0);
        taken += sent > 0 ? sent : 0;
        due += BATCH;
    }

    printf("%lld\n", taken);
    return 0;
}
