// The smallest program that answers what understudy answers: libmicrohttpd with the same flags and pool as HTTPServer.swift,
// and bodies and headers that were read from files at start. What it cannot do is all that understudy does.
//
//     bare PORT THREADS [METHOD ENDING FILE]...
//
// A request is answered by the first rule whose method is its own and whose ending ends its path; an empty ending ends all.
// FILE holds the answer: the status, a line a header, an empty line, the body.
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_rules = 8, most_fields = 16, most_bytes = 1 << 20 };

struct rule {
    const char *method, *ending;
    size_t ending_length;
    unsigned int status;
    size_t field_count;
    char *names[most_fields], *values[most_fields];
    char *body;
    size_t body_length;
};

static struct rule rules[most_rules];
static size_t rule_count;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

// Takes the answer in a file apart, in place.
static void read_answer(struct rule *rule, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, most_bytes + 1);
    if (!file || !text) fail(path);
    size_t length = fread(text, 1, most_bytes, file);
    fclose(file);
    char *line = text, *end;
    while ((end = strchr(line, '\n')) && end != line) {
        *end = 0;
        char *colon = strstr(line, ": ");
        if (!colon) {
            rule->status = (unsigned int)atoi(line);
        } else if (rule->field_count < most_fields) {
            *colon = 0;
            rule->names[rule->field_count] = line;
            rule->values[rule->field_count++] = colon + 2;
        }
        line = end + 1;
    }
    if (!end || !rule->status) fail("an answer without a status or an empty line");
    rule->body = end + 1;
    rule->body_length = length - (size_t)(rule->body - text);
}

static const struct rule *match(const char *method, const char *path)
{
    size_t length = strlen(path);
    for (size_t index = 0; index < rule_count; index++) {
        const struct rule *rule = &rules[index];
        if (strcmp(rule->method, method) == 0 && length >= rule->ending_length &&
            memcmp(path + length - rule->ending_length, rule->ending, rule->ending_length) == 0)
            return rule;
    }
    return NULL;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *data_size, void **seen)
{
    (void)context, (void)version, (void)data;
    if (!*seen) {
        *seen = rules;
        return MHD_YES;
    }
    if (*data_size) {
        *data_size = 0;
        return MHD_YES;
    }
    const struct rule *rule = match(method, path);
    if (!rule) return MHD_NO;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(rule->body_length, rule->body, MHD_RESPMEM_PERSISTENT);
    if (!response) return MHD_NO;
    for (size_t index = 0; index < rule->field_count; index++)
        MHD_add_response_header(response, rule->names[index], rule->values[index]);
    enum MHD_Result queued = MHD_queue_response(connection, rule->status, response);
    MHD_destroy_response(response);
    return queued;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 3 || argc / 3 - 1 > most_rules) {
        fprintf(stderr, "usage: bare PORT THREADS [METHOD ENDING FILE]...\n");
        return 64;
    }
    for (int index = 3; index < argc; index += 3) {
        struct rule *rule = &rules[rule_count++];
        rule->method = argv[index];
        rule->ending = argv[index + 1];
        rule->ending_length = strlen(rule->ending);
        read_answer(rule, argv[index + 2]);
    }
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    sigprocmask(SIG_BLOCK, &stops, NULL);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, answer,
        NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE, (unsigned int)atoi(argv[2]),
        MHD_OPTION_CONNECTION_LIMIT, 16384u, MHD_OPTION_CONNECTION_TIMEOUT, 30u, MHD_OPTION_END);
    if (!daemon) fail("cannot start");
    int received;
    sigwait(&stops, &received);
    MHD_stop_daemon(daemon);
    return 0;
}
