/* The yardstick of scripts/bench.sh for packet ports: two packet sockets, recvmmsg, sendmmsg. Nothing looks at the frames but for the
 * VLAN tag, which the kernel takes out on the way in: without it in its place this would be no bridge.
 *
 *   packet-loop [--no-tags] [--fanout GROUP] NAME NAME
 *
 * Prints "ready" once both sockets are bound and the frames moved each way at SIGTERM or SIGINT. --no-tags loses tags, and shows what they
 * cost those who have none. Several with the same GROUP share the frames, both directions of a flow at the same one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    BATCH = 64,                        /* frames from one side before the other gets its turn */
    TAG = 4,                           /* before each buffer, for a tag */
    ROOM = 10 + 65535 + 14 + 4 * 4,    /* virtio header, the longest IP packet, Ethernet, four VLAN tags */
    LITTLE = 256 * 1024,               /* bytes of a batch that stay in the processor's cache until they leave */
    SOCKET_BUFFER = 32 * 1024 * 1024,
};

struct port {
    int fd;
    unsigned limit;
    unsigned long long received, refused;
};

static unsigned char buffers[BATCH][TAG + ROOM];
static union {
    struct cmsghdr header;
    unsigned char room[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
} controls[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];
static int tags = 1;
static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

static void set(int fd, int level, int option, int value, const char *what)
{
    if (setsockopt(fd, level, option, &value, sizeof value) < 0)
        err(1, "%s", what);
}

static struct port open_port(const char *name, int fanout)
{
    struct port port = { .fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), .limit = 16 };
    struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(name) };

    if (port.fd < 0 || address.sll_ifindex == 0)
        err(1, "%s", name);
    set(port.fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
    set(port.fd, SOL_PACKET, PACKET_VNET_HDR, 1, "PACKET_VNET_HDR");
    set(port.fd, SOL_PACKET, PACKET_AUXDATA, tags, "PACKET_AUXDATA");
    set(port.fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER, "SO_RCVBUFFORCE");
    set(port.fd, SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BUFFER, "SO_SNDBUFFORCE");
    if (bind(port.fd, (struct sockaddr *)&address, sizeof address) < 0)
        err(1, "%s", name);
    struct packet_mreq all = { .mr_ifindex = address.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
    if (setsockopt(port.fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) < 0)
        err(1, "PACKET_ADD_MEMBERSHIP");
    /* The kernel's hash is the same for both directions. The group's number is of a network namespace, so each interface needs its own. */
    if (fanout)
        set(port.fd, SOL_PACKET, PACKET_FANOUT, ((fanout + address.sll_ifindex) & 0xffff) | PACKET_FANOUT_HASH << 16, "PACKET_FANOUT");
    return port;
}

/* Puts a frame's tag back after the addresses, and lets the virtio header's offsets follow. */
static void restore_tag(int i)
{
    struct tpacket_auxdata *data = (struct tpacket_auxdata *)CMSG_DATA(&controls[i].header);
    if (messages[i].msg_hdr.msg_controllen < CMSG_LEN(sizeof *data) || !(data->tp_status & TP_STATUS_VLAN_VALID))
        return;

    unsigned char *start = buffers[i];
    struct virtio_net_hdr *offload = (struct virtio_net_hdr *)start;
    unsigned short tag[2] = { htons(data->tp_vlan_tpid), htons(data->tp_vlan_tci) };
    memmove(start, start + TAG, sizeof *offload + 2 * ETH_ALEN);
    memcpy(start + sizeof *offload + 2 * ETH_ALEN, tag, TAG);
    if (offload->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
        offload->csum_start += TAG;
    if (offload->hdr_len)
        offload->hdr_len += TAG;
    vectors[i].iov_base = start;
    vectors[i].iov_len += TAG;
}

/* Sends messages from the first on; what the kernel refuses is counted and passed over. */
static void send_all(struct port *to, int count)
{
    for (int next = 0; next < count;) {
        int sent = sendmmsg(to->fd, messages + next, count - next, MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            to->refused++, sent = 1;
        next += sent;
    }
}

static void drain(struct port *from, struct port *to)
{
    int received, length = 0;

    for (unsigned i = 0; i < from->limit; i++) {
        vectors[i] = (struct iovec){ buffers[i] + TAG, ROOM };
        messages[i].msg_hdr.msg_control = tags ? &controls[i] : NULL;
        messages[i].msg_hdr.msg_controllen = tags ? sizeof controls[i] : 0;
    }
    received = recvmmsg(from->fd, messages, from->limit, MSG_DONTWAIT, NULL);
    if (received <= 0)
        return;
    for (int i = 0; i < received; i++) {
        length += vectors[i].iov_len = messages[i].msg_len;
        if (tags)
            restore_tag(i);
        /* What is sent would take it for ancillary data. */
        messages[i].msg_hdr.msg_control = NULL;
        messages[i].msg_hdr.msg_controllen = 0;
    }
    from->received += received;
    send_all(to, received);
    if (length > LITTLE)
        from->limit = from->limit > 8 ? from->limit / 2 : 4;
    else if ((unsigned)received == from->limit)
        from->limit = from->limit < BATCH / 2 ? from->limit * 2 : BATCH;
}

int main(int argc, char **argv)
{
    int fanout = 0;

    if (argc > 1 && !strcmp(argv[1], "--no-tags")) {
        tags = 0;
        argv++, argc--;
    }
    if (argc > 2 && !strcmp(argv[1], "--fanout")) {
        fanout = atoi(argv[2]);
        argv += 2, argc -= 2;
    }
    if (argc != 3) {
        fprintf(stderr, "usage: packet-loop [--no-tags] [--fanout GROUP] NAME NAME\n");
        return 2;
    }

    struct port left = open_port(argv[1], fanout), right = open_port(argv[2], fanout);
    for (int i = 0; i < BATCH; i++) {
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
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
