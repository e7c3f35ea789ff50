/* Round trips, one after the other: an echo request goes out when the reply to the last one is in; the other host's kernel answers.
 *
 *   rtt ADDRESS COUNT MILLISECONDS
 *
 * Ends at that many or at that time, whichever comes first.
 * Prints the median and the 99th percentile in microseconds, and how many replies did not come within a second.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int ascending(const void *left, const void *right)
{
    long long a = *(const long long *)left, b = *(const long long *)right;
    return (a > b) - (a < b);
}

static unsigned short checksum(const unsigned short *words, int length)
{
    unsigned sum = 0;
    for (; length > 1; length -= 2)
        sum += *words++;
    sum = (sum >> 16) + (sum & 0xffff);
    return ~(sum + (sum >> 16));
}

int main(int argc, char **argv)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int count = argc == 4 ? atoi(argv[2]) : 0;
    if (count < 1 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
        fprintf(stderr, "usage: rtt ADDRESS COUNT MILLISECONDS\n");
        return 2;
    }

    struct timeval second = { .tv_sec = 1 };
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), lost = 0, replies = 0;
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0
        || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second) < 0)
        err(1, "%s", argv[1]);

    long long *samples = calloc(count, sizeof *samples);
    long long end = now() + atoll(argv[3]) * 1000000;
    unsigned short identifier = htons(getpid() & 0xffff);
    for (int i = 0; i < count && now() < end; i++) {
        struct { struct icmphdr header; char data[56]; } request = { .header.type = ICMP_ECHO };
        request.header.un.echo.id = identifier;
        request.header.un.echo.sequence = htons(i & 0xffff);
        request.header.checksum = checksum((unsigned short *)&request, sizeof request);

        long long begin = now();
        if (send(fd, &request, sizeof request, 0) < 0)
            err(1, "send");
        for (;;) {
            unsigned char packet[256];
            ssize_t length = recv(fd, packet, sizeof packet, 0);
            if (length < 0) {
                /* Somebody who lost several in a row is not going to answer at all. */
                if (++lost > 5)
                    errx(1, "%s does not answer", argv[1]);
                break;
            }
            struct icmphdr *reply = (struct icmphdr *)(packet + (packet[0] & 15) * 4);
            if (reply->type == ICMP_ECHOREPLY && reply->un.echo.id == identifier
                && reply->un.echo.sequence == request.header.un.echo.sequence) {
                samples[replies++] = now() - begin;
                break;
            }
        }
    }

    qsort(samples, replies, sizeof *samples, ascending);
    if (replies == 0)
        errx(1, "%s does not answer", argv[1]);
    printf("%.2f %.2f %d\n", samples[replies / 2] / 1e3, samples[replies * 99 / 100] / 1e3, lost);
    return 0;
}
