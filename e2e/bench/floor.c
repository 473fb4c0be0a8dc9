/*
 * The floor of the IPVS benchmarks: sends the netlink messages that the agent sends, and does nothing else with the answers than
 * to see that they are complete. Services are TCP 10.N.N.N:80 by number, each with the same real servers 172.16.0.1 and on.
 *
 *   floor fill SERVICES REAL_SERVERS     adds them, 128 requests to a datagram, as the agent does
 *   floor dump                           lists all services, and the destinations of each
 *   floor set SERVICES TIMES             changes the weight of the last service's first destination, one request each time
 *   floor await SERVICES WEIGHT          waits until the last destination of the last service has that weight (no figure)
 *
 * Prints the milliseconds that it took (for set the median of the single ones), and those of the CPU in this program and in the kernel.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 128

static int fd;
static unsigned short family;
static unsigned int sequence;
static char out[128 * 1024];
/* As the agent's: for each piece of a dump the kernel allocates, and clears, as much as its reader has room for. */
static char in[8192 - 320];
static size_t length;
static struct nlmsghdr *current;

static void die(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double millis(struct timeval t) { return t.tv_sec * 1e3 + t.tv_usec / 1e3; }

static void begin(int type, int flags, int command) {
    length = NLMSG_ALIGN(length);
    current = (struct nlmsghdr *)(out + length);
    memset(current, 0, NLMSG_HDRLEN + GENL_HDRLEN);
    current->nlmsg_type = type;
    current->nlmsg_flags = NLM_F_REQUEST | flags;
    current->nlmsg_seq = ++sequence;
    struct genlmsghdr *header = NLMSG_DATA(current);
    header->cmd = command;
    header->version = 1;
    length += NLMSG_HDRLEN + GENL_HDRLEN;
}

static struct nlattr *put(int type, const void *value, int size) {
    struct nlattr *attribute = (struct nlattr *)(out + length);
    attribute->nla_type = type;
    attribute->nla_len = NLA_HDRLEN + size;
    if (size) memcpy((char *)attribute + NLA_HDRLEN, value, size);
    memset((char *)attribute + NLA_HDRLEN + size, 0, NLA_ALIGN(size) - size);
    length += NLA_ALIGN(NLA_HDRLEN + size);
    return attribute;
}

static void put16(int type, unsigned short value) { put(type, &value, 2); }
static void put32(int type, unsigned int value) { put(type, &value, 4); }
static void put_address(int type, unsigned int host_order) {
    unsigned int address[4] = {htonl(host_order), 0, 0, 0};
    put(type, address, 16);
}

static void close_nest(struct nlattr *nest) { nest->nla_len = out + length - (char *)nest; }
static void end(void) { current->nlmsg_len = out + length - (char *)current; }

static unsigned int vip(int service) { return (10u << 24) + 1 + service; }
static unsigned int real_server(int number) { return (172u << 24) + (16u << 16) + 1 + number; }

static struct nlattr *service_key(int service) {
    struct nlattr *nest = put(IPVS_CMD_ATTR_SERVICE | NLA_F_NESTED, NULL, 0);
    put16(IPVS_SVC_ATTR_AF, AF_INET);
    put16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
    put_address(IPVS_SVC_ATTR_ADDR, vip(service));
    put16(IPVS_SVC_ATTR_PORT, htons(80));
    return nest;
}

static void add_service(int service, int flags) {
    struct ip_vs_flags no_flags = {0, ~0u};
    begin(family, flags, IPVS_CMD_NEW_SERVICE);
    struct nlattr *nest = service_key(service);
    put(IPVS_SVC_ATTR_SCHED_NAME, "wrr", 4);
    put(IPVS_SVC_ATTR_FLAGS, &no_flags, sizeof no_flags);
    put32(IPVS_SVC_ATTR_TIMEOUT, 0);
    put32(IPVS_SVC_ATTR_NETMASK, ~0u);
    close_nest(nest);
    end();
}

static void destination(int command, int service, int number, int weight, int flags) {
    begin(family, flags, command);
    close_nest(service_key(service));
    struct nlattr *nest = put(IPVS_CMD_ATTR_DEST | NLA_F_NESTED, NULL, 0);
    put_address(IPVS_DEST_ATTR_ADDR, real_server(number));
    put16(IPVS_DEST_ATTR_PORT, htons(80));
    put16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
    put32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_DROUTE);
    put32(IPVS_DEST_ATTR_WEIGHT, weight);
    put32(IPVS_DEST_ATTR_U_THRESH, 0);
    put32(IPVS_DEST_ATTR_L_THRESH, 0);
    close_nest(nest);
    end();
}

static void flush_out(void) {
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    if (sendto(fd, out, length, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0) die("sendto");
    length = 0;
}

/* Hands every message of the answer to the latest request to take; returns when it is complete. */
static void answers(void (*take)(struct nlmsghdr *)) {
    for (;;) {
        ssize_t size = recv(fd, in, sizeof in, 0);
        if (size < 0) die("recv");
        int left = size;
        for (struct nlmsghdr *m = (struct nlmsghdr *)in; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
            if (m->nlmsg_type == NLMSG_ERROR) {
                struct nlmsgerr *error = NLMSG_DATA(m);
                if (error->error) {
                    errno = -error->error;
                    die("refused");
                }
                if (m->nlmsg_seq == sequence) return;
            } else if (m->nlmsg_type == NLMSG_DONE) {
                return;
            } else if (take) {
                take(m);
            }
        }
    }
}

static struct nlattr *find(void *start, int size, int type) {
    for (struct nlattr *a = start; size >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN;
         size -= NLA_ALIGN(a->nla_len), a = (struct nlattr *)((char *)a + NLA_ALIGN(a->nla_len)))
        if ((a->nla_type & NLA_TYPE_MASK) == type) return a;
    return NULL;
}

static void *value(struct nlattr *a) { return (char *)a + NLA_HDRLEN; }

static struct nlattr *body(struct nlmsghdr *m, int type) {
    return find((char *)NLMSG_DATA(m) + GENL_HDRLEN, NLMSG_PAYLOAD(m, GENL_HDRLEN), type);
}

static void take_family(struct nlmsghdr *m) { family = *(unsigned short *)value(body(m, CTRL_ATTR_FAMILY_ID)); }

static unsigned int *listed;
static int listed_count;

static void take_service(struct nlmsghdr *m) {
    struct nlattr *service = body(m, IPVS_CMD_ATTR_SERVICE);
    struct nlattr *address = find(value(service), service->nla_len - NLA_HDRLEN, IPVS_SVC_ATTR_ADDR);
    if (!address) return; /* a firewall mark: none of ours */
    if (listed_count % 1024 == 0) listed = realloc(listed, (listed_count + 1024) * sizeof *listed);
    listed[listed_count++] = ntohl(*(unsigned int *)value(address));
}

static void fill(int services, int real_servers) {
    int requests = 0, total = services * (1 + real_servers);
    for (int service = 0; service < services; service++)
        for (int number = -1; number < real_servers; number++) {
            requests++;
            int flags = requests % BATCH == 0 || requests == total ? NLM_F_ACK : 0;
            if (number < 0) add_service(service, flags);
            else destination(IPVS_CMD_NEW_DEST, service, number, 1, flags);
            if (flags) {
                flush_out();
                answers(NULL);
            }
        }
}

static void list_destinations(int service, void (*take)(struct nlmsghdr *)) {
    begin(family, NLM_F_DUMP, IPVS_CMD_GET_DEST);
    close_nest(service_key(service));
    end();
    flush_out();
    answers(take);
}

static void dump(void) {
    begin(family, NLM_F_DUMP, IPVS_CMD_GET_SERVICE);
    end();
    flush_out();
    answers(take_service);
    for (int i = 0; i < listed_count; i++) list_destinations(listed[i] - vip(0), NULL);
}

static int by_size(const void *a, const void *b) {
    double difference = *(const double *)a - *(const double *)b;
    return difference < 0 ? -1 : difference > 0;
}

static double set(int services, int times) {
    double *took = calloc(times, sizeof *took);
    for (int i = 0; i < times; i++) {
        double started = now();
        destination(IPVS_CMD_SET_DEST, services - 1, 0, 2 + i % 2, NLM_F_ACK);
        flush_out();
        answers(NULL);
        took[i] = now() - started;
    }
    qsort(took, times, sizeof *took, by_size);
    return took[times / 2];
}

static int last_weight;
static unsigned int last_address;

static void take_weight(struct nlmsghdr *m) {
    struct nlattr *d = body(m, IPVS_CMD_ATTR_DEST);
    unsigned int address = ntohl(*(unsigned int *)value(find(value(d), d->nla_len - NLA_HDRLEN, IPVS_DEST_ATTR_ADDR)));
    if (address >= last_address) {
        last_address = address;
        last_weight = *(int *)value(find(value(d), d->nla_len - NLA_HDRLEN, IPVS_DEST_ATTR_WEIGHT));
    }
}

static void await_weight(int services, int weight) {
    do {
        usleep(20000);
        last_weight = -1;
        last_address = real_server(3); /* only the last one of four counts */
        list_destinations(services - 1, take_weight);
    } while (last_weight != weight);
}

static void find_family(void) {
    begin(GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY);
    put(CTRL_ATTR_FAMILY_NAME, "IPVS", 5);
    end();
    flush_out();
    answers(take_family);
}

int main(int argc, char **argv) {
    int receive_buffer = 4 * 1024 * 1024;
    struct sockaddr_nl self = {.nl_family = AF_NETLINK};
    if (argc < 2) die("usage: floor fill|dump|set|await ...");
    fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
    if (fd < 0 || bind(fd, (struct sockaddr *)&self, sizeof self) < 0) die("socket");
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer);
    find_family();
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    double started = now(), result = -1;
    if (!strcmp(argv[1], "fill") && argc == 4) fill(atoi(argv[2]), atoi(argv[3]));
    else if (!strcmp(argv[1], "dump")) dump();
    else if (!strcmp(argv[1], "set") && argc == 4) result = set(atoi(argv[2]), atoi(argv[3]));
    else if (!strcmp(argv[1], "await") && argc == 4) await_weight(atoi(argv[2]), atoi(argv[3]));
    else die("usage: floor fill|dump|set|await ...");
    if (result < 0) result = now() - started;
    getrusage(RUSAGE_SELF, &after);
    printf("%.3f %.3f %.3f\n", result, millis(after.ru_utime) - millis(before.ru_utime),
           millis(after.ru_stime) - millis(before.ru_stime));
    return 0;
}
