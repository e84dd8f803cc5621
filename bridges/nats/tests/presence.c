/* SPDX-License-Identifier: Apache-2.0 */
/*
 * presence: who is in a topic is known in all processes, also in one that comes later, behind a loss of NATS, and of
 * ten thousand members; who has left, or whose process has, is not.
 */
#include "kit.h"

static n_nats nats;

static ws_nats_options options(void)
{
    ws_nats_options o = n_options(&nats);
    o.flags = WS_NATS_PRESENCE;
    return o;
}

static void enter(n_node *n, const char *topic, const char *member)
{
    N_OK(ws_nats_enter(n->bridge, topic, strlen(topic), member, strlen(member)));
}

static void leave(n_node *n, const char *topic, const char *member)
{
    N_OK(ws_nats_exit(n->bridge, topic, strlen(topic), member, strlen(member)));
}

static size_t count(n_node *n, const char *topic)
{
    size_t size, members;
    N_OK(ws_nats_members(n->bridge, topic, strlen(topic), NULL, 0, &size, &members));
    return members;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Whether the members of a topic are these, in the order of their names. */
static bool are(n_node *n, const char *topic, const char *want)
{
    char list[1000], names[8][32], all[300] = "";
    size_t size, members, at = 0, name_size, i = 0;
    const void *name;
    int32_t pattern;
    N_OK(ws_nats_members(n->bridge, topic, strlen(topic), list, sizeof list, &size, &members));
    while (i < 8 && ws_subscription_next(list, size, &at, &name, &name_size, &pattern))
        snprintf(names[i++], sizeof *names, "%s", (const char *)name);
    CHECK_EQ(i, members);
    qsort(names, i, sizeof *names, by_name);
    for (size_t m = 0; m < i; m++) strcat(strcat(all, *all ? " " : ""), names[m]);
    return !strcmp(all, want);
}

static void all_know_who_is_there(void)
{
    n_node a, b, c;
    n_serve(&a);
    n_serve(&b);
    n_serve(&c);
    n_join(&a, options());
    n_join(&b, options());
    enter(&a, "room", "ann");
    enter(&a, "room", "ann"); /* by two connections */
    enter(&b, "room", "ann"); /* and in another process */
    enter(&b, "room", "bob");
    enter(&b, "hall", "cid");
    N_UNTIL(are(&a, "room", "ann bob") && are(&b, "room", "ann bob") && are(&a, "hall", "cid"));
    n_join(&c, options()); /* one that comes later */
    N_UNTIL(are(&c, "room", "ann bob") && are(&c, "hall", "cid"));
    leave(&a, "room", "ann");
    leave(&b, "room", "ann");
    leave(&b, "room", "bob");
    N_UNTIL(are(&a, "room", "ann") && are(&b, "room", "ann") && are(&c, "room", "ann"));
    CHECK_EQ(ws_nats_exit(b.bridge, "room", 4, "ann", 3), WS_ERR_STATE); /* of another process */
    leave(&a, "room", "ann");
    N_UNTIL(!count(&a, "room") && !count(&b, "room") && !count(&c, "room"));
    N_OK(ws_nats_leave_wait(b.bridge, 0));
    b.bridge = NULL;
    N_UNTIL(!count(&a, "hall") && !count(&c, "hall"));
    char small[4];
    size_t size, members;
    enter(&a, "hall", "ann");
    CHECK_EQ(ws_nats_members(a.bridge, "hall", 4, small, sizeof small, &size, &members), WS_ERR_BUFFER);
    CHECK_EQ(size, 6);
    CHECK_EQ(members, 1);
    n_finish(&a);
    n_finish(&b);
    n_finish(&c);
    n_serve(&a);
    n_join(&a, n_options(&nats));
    CHECK_EQ(ws_nats_enter(a.bridge, "hall", 4, "ann", 3), WS_ERR_STATE);
    CHECK_HAS(ws_nats_last_error(), "is without WS_NATS_PRESENCE");
    n_finish(&a);
}

static void ten_thousand_are_known(void)
{
    enum { MEMBERS = 10000 };
    n_node a, b;
    char name[32];
    n_serve(&a);
    n_serve(&b);
    n_join(&a, options());
    for (int i = 0; i < MEMBERS; i++) {
        snprintf(name, sizeof name, "member %d", i);
        enter(&a, "stadium", name);
    }
    n_join(&b, options());
    N_UNTIL(count(&b, "stadium") == MEMBERS);
    for (int i = 0; i < MEMBERS; i += 2) {
        snprintf(name, sizeof name, "member %d", i);
        leave(&a, "stadium", name);
    }
    N_UNTIL(count(&b, "stadium") == MEMBERS / 2);
    /* NATS goes: each knows its own; it comes back: all. */
    int port = nats.port;
    n_end(&nats, SIGKILL);
    N_UNTIL(!count(&b, "stadium"));
    CHECK_EQ(count(&a, "stadium"), MEMBERS / 2);
    enter(&a, "stadium", "meanwhile");
    n_start(&nats, port, NULL);
    N_UNTIL(count(&b, "stadium") == MEMBERS / 2 + 1);
    n_finish(&a);
    n_finish(&b);
}

int main(void)
{
    n_start(&nats, 0, NULL);
    all_know_who_is_there();
    ten_thousand_are_known();
    n_end(&nats, SIGTERM);
    return t_done();
}
