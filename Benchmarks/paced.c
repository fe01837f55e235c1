// Sends requests at a fixed pace, a few hundred a second, and measures how long each waits for its answer.
//
//     paced PORT SECONDS [NAME CONNECTIONS RATE FILE]...
//
// FILE holds requests, each behind a line with its length in bytes; they are sent in turn, RATE a second. With 0
// CONNECTIONS each request has one of its own. A request's time starts when this program sees that it is due, also when no
// connection is free: what waits behind a slow answer is late too. How late this program itself was is told apart. It
// asks for a real-time priority, so that busy programs beside it do not show in what it measures.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { most_kinds = 8, most_connections = 32, most_head = 16384, grace_seconds = 1 };

struct connection {
    struct kind *kind;
    int descriptor; // -1: none
    bool connecting, waits; // for the answer to `request`
    size_t request;
    char head[most_head + 1];
    size_t head_length;
    bool head_read;
    int status;
    long long body_left;
};

struct kind {
    const char *name;
    bool fresh;
    size_t connection_count;
    struct connection connections[most_connections];
    char *bytes, **requests;
    size_t *lengths, request_count;
    int64_t interval;
    size_t planned, seen, sent, answered, failed;
    int64_t *seen_at, *waited, *late; // nanoseconds; `waited` is -1 while there is no answer
};

static struct kind kinds[most_kinds];
static size_t kind_count;
static struct sockaddr_in address;
static int events;
static int64_t start;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void *room(size_t count, size_t size)
{
    void *made = calloc(count + 1, size);
    if (!made) fail("memory");
    return made;
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void read_requests(struct kind *kind, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) fail(path);
    size_t length = (size_t)ftell(file);
    rewind(file);
    kind->bytes = room(length, 1);
    if (fread(kind->bytes, 1, length, file) != length) fail(path);
    fclose(file);
    kind->requests = room(length / 16, sizeof *kind->requests);
    kind->lengths = room(length / 16, sizeof *kind->lengths);
    for (char *next = kind->bytes; next < kind->bytes + length;) {
        char *line_end;
        kind->lengths[kind->request_count] = strtoul(next, &line_end, 10);
        kind->requests[kind->request_count] = line_end + 1;
        next = line_end + 1 + kind->lengths[kind->request_count++];
    }
    if (!kind->request_count) fail("no requests");
}

static void disconnect(struct connection *connection)
{
    if (connection->descriptor >= 0) close(connection->descriptor);
    connection->descriptor = -1;
    connection->connecting = false;
}

static void finish(struct connection *connection, bool good)
{
    struct kind *kind = connection->kind;
    kind->waited[connection->request] = now() - kind->seen_at[connection->request];
    kind->answered++;
    if (!good) kind->failed++;
    connection->waits = false;
    if (kind->fresh || !good) disconnect(connection);
}

static void send_request(struct connection *connection)
{
    struct kind *kind = connection->kind;
    size_t which = connection->request % kind->request_count;
    ssize_t sent = send(connection->descriptor, kind->requests[which], kind->lengths[which], MSG_NOSIGNAL);
    if (sent != (ssize_t)kind->lengths[which]) finish(connection, false);
}

static void begin(struct connection *connection, size_t request)
{
    connection->request = request;
    connection->waits = true;
    connection->head_length = 0;
    connection->head_read = false;
    if (connection->descriptor >= 0) {
        send_request(connection);
        return;
    }
    int descriptor = connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int yes = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connection->connecting = true;
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = connection};
    if (descriptor < 0 || epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &wanted)) fail("socket");
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
        finish(connection, false);
}

// Takes what has come; a head is looked at once it is whole.
static void receive(struct connection *connection)
{
    static char rest[65536];
    while (connection->descriptor >= 0) {
        char *into = connection->head_read ? rest : connection->head + connection->head_length;
        size_t most = connection->head_read ? sizeof rest : most_head - connection->head_length;
        ssize_t came = recv(connection->descriptor, into, most, 0);
        if (came < 0 && errno == EAGAIN) return;
        if (came <= 0) {
            if (connection->waits) finish(connection, false);
            disconnect(connection);
            return;
        }
        if (!connection->waits) continue;
        if (connection->head_read) {
            connection->body_left -= came;
        } else {
            connection->head_length += (size_t)came;
            connection->head[connection->head_length] = 0;
            char *end = strstr(connection->head, "\r\n\r\n");
            if (!end) continue;
            *end = 0;
            connection->head_read = true;
            connection->status = atoi(connection->head + 9);
            char *length = strcasestr(connection->head, "\r\nContent-Length:");
            connection->body_left = length ? atoll(length + 17) : 0;
            connection->body_left -= connection->head + connection->head_length - (end + 4);
        }
        if (connection->body_left <= 0) finish(connection, connection->status < 400);
    }
}

// Sees what is due, and sends as much of it as there are free connections; gives when the next is due.
static int64_t dispatch(struct kind *kind)
{
    int64_t present = now();
    while (kind->seen < kind->planned && start + (int64_t)kind->seen * kind->interval <= present) {
        kind->seen_at[kind->seen] = present;
        kind->waited[kind->seen] = -1;
        kind->late[kind->seen] = present - start - (int64_t)kind->seen * kind->interval;
        kind->seen++;
    }
    for (size_t index = 0; index < kind->connection_count && kind->sent < kind->seen; index++)
        if (!kind->connections[index].waits) begin(&kind->connections[index], kind->sent++);
    return kind->seen < kind->planned ? start + (int64_t)kind->seen * kind->interval : INT64_MAX;
}

static int ascending(const void *left, const void *right)
{
    int64_t one = *(const int64_t *)left, other = *(const int64_t *)right;
    return (one > other) - (one < other);
}

static double percentile(int64_t *sorted, size_t count, double part)
{
    size_t index = (size_t)((double)count * part);
    return count ? (double)sorted[index < count ? index : count - 1] / 1000 : 0;
}

// In microseconds. What was not answered counts as long as it has waited.
static void report(struct kind *kind)
{
    int64_t present = now();
    for (size_t index = 0; index < kind->seen; index++)
        if (kind->waited[index] < 0) kind->waited[index] = present - kind->seen_at[index];
    qsort(kind->waited, kind->seen, sizeof *kind->waited, ascending);
    qsort(kind->late, kind->seen, sizeof *kind->late, ascending);
    printf("RESULT %s %zu %zu %zu %.0f %.0f %.0f %.0f\n", kind->name, kind->answered, kind->failed,
           kind->seen - kind->answered, percentile(kind->waited, kind->seen, 0.5),
           percentile(kind->waited, kind->seen, 0.99), percentile(kind->waited, kind->seen, 1),
           percentile(kind->late, kind->seen, 0.99));
}

static void read_kind(char **arguments, double seconds)
{
    struct kind *kind = &kinds[kind_count++];
    int connections = atoi(arguments[1]);
    double rate = atof(arguments[2]);
    if (connections < 0 || connections > most_connections || rate <= 0) fail("a kind's connections or rate");
    kind->name = arguments[0];
    kind->fresh = connections == 0;
    kind->connection_count = kind->fresh ? most_connections : (size_t)connections;
    for (size_t index = 0; index < kind->connection_count; index++) {
        kind->connections[index].kind = kind;
        kind->connections[index].descriptor = -1;
    }
    kind->interval = (int64_t)(1e9 / rate);
    kind->planned = (size_t)(rate * seconds);
    kind->seen_at = room(kind->planned, sizeof(int64_t));
    kind->waited = room(kind->planned, sizeof(int64_t));
    kind->late = room(kind->planned, sizeof(int64_t));
    read_requests(kind, arguments[3]);
}

static bool is_over(int64_t end)
{
    if (now() < end) return false;
    bool answered = true;
    for (size_t index = 0; index < kind_count; index++) answered &= kinds[index].answered == kinds[index].planned;
    return answered || now() > end + grace_seconds * 1000000000LL;
}

int main(int argc, char **argv)
{
    if (argc < 7 || (argc - 3) % 4 || (argc - 3) / 4 > most_kinds) {
        fprintf(stderr, "usage: paced PORT SECONDS [NAME CONNECTIONS RATE FILE]...\n");
        return 64;
    }
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)atoi(argv[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    double seconds = atof(argv[2]);
    for (int index = 3; index < argc; index += 4) read_kind(argv + index, seconds);
    struct sched_param priority = {.sched_priority = 1};
    if (sched_setscheduler(0, SCHED_FIFO, &priority)) setpriority(PRIO_PROCESS, 0, -20);
    prctl(PR_SET_TIMERSLACK, 1);

    events = epoll_create1(0);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};
    if (events < 0 || timer < 0 || epoll_ctl(events, EPOLL_CTL_ADD, timer, &wanted)) fail("epoll");
    start = now();
    int64_t end = start + (int64_t)(seconds * 1e9);
    while (!is_over(end)) {
        int64_t next = INT64_MAX;
        for (size_t index = 0; index < kind_count; index++) {
            int64_t due = dispatch(&kinds[index]);
            if (due < next) next = due;
        }
        if (next == INT64_MAX) next = now() + 10000000;
        struct itimerspec alarm = {.it_value = {.tv_sec = next / 1000000000, .tv_nsec = next % 1000000000}};
        timerfd_settime(timer, TFD_TIMER_ABSTIME, &alarm, NULL);
        struct epoll_event happened[64];
        int count = epoll_wait(events, happened, 64, 100);
        for (int index = 0; index < count; index++) {
            struct connection *connection = happened[index].data.ptr;
            if (!connection || connection->descriptor < 0) continue;
            if (!connection->connecting) {
                receive(connection);
            } else if (happened[index].events & (EPOLLERR | EPOLLHUP)) {
                finish(connection, false);
            } else {
                connection->connecting = false;
                send_request(connection);
            }
        }
    }
    for (size_t index = 0; index < kind_count; index++) report(&kinds[index]);
    return 0;
}
