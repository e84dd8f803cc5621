/* SPDX-License-Identifier: Apache-2.0 */
/*
 * presence: who is in a topic is known in all processes, also in one that comes later, behind a loss of NATS, and of
 * ten thousand members; who has left, or whose process has, is not; and each change is told.
 */
#include "kit.h"

#include <stdatomic.h>

static n_nats nats;

static ws_nats_options options(void)
{
    ws_nats_options o = n_options(&nats);
    o.flags = WS_NATS_PRESENCE;
    return o;
}

/* What one bridge was told. Calls are one at a time. */
typedef struct news {
    n_events events; /* first: n_record gets it, too */
    _Atomic size_t joined, left;
    char words[400]; /* "+topic/member" and "-topic/member" */
} news;

static void WS_CALL on_presence(const ws_nats_presence *p, void *user_data)
{
    news *n = (news *)user_data;
    CHECK_EQ(p->struct_size, sizeof *p);
    CHECK_EQ(strlen(p->topic), p->topic_size);
    CHECK_EQ(strlen(p->member), p->member_size);
    size_t have = strlen(n->words);
    snprintf(n->words + have, sizeof n->words - have, "%s%c%s/%s", have ? " " : "", p->joined ? '+' : '-',
             (const char *)p->topic, (const char *)p->member);
    atomic_fetch_add(p->joined ? &n->joined : &n->left, 1);
}

/* Joins with a listener. */
static void join_with(n_node *n, news *to)
{
    ws_nats_options o = options();
    *to = (news){.events = N_EVENTS};
    o.on_event = n_record;
    o.on_presence = on_presence;
    o.user_data = to;
    N_OK(ws_nats_join_wait(n->server, &o, T_DEADLINE_MS, &n->bridge));
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

/* Each of two processes is told of all who come and go, once, whichever process has them. */
static void who_comes_and_goes_is_told(void)
{
    n_node a, b;
    static news of_a, of_b;
    n_serve(&a);
    n_serve(&b);
    join_with(&a, &of_a);
    enter(&a, "room", "ann");
    N_UNTIL(of_a.joined == 1);
    join_with(&b, &of_b);
    N_UNTIL(of_b.joined == 1);
    enter(&b, "room", "ann"); /* there already */
    enter(&b, "hall", "bob");
    N_UNTIL(of_a.joined == 2 && of_b.joined == 2);
    leave(&a, "room", "ann"); /* and still there */
    leave(&b, "hall", "bob");
    N_UNTIL(of_a.left == 1 && of_b.left == 1);
    N_OK(ws_nats_leave_wait(b.bridge, 0));
    b.bridge = NULL;
    N_UNTIL(of_a.left == 2);
    n_finish(&a);
    n_finish(&b);
    CHECK_TEXT(of_a.words, "+room/ann +hall/bob -hall/bob -room/ann");
    CHECK_TEXT(of_b.words, "+room/ann +hall/bob -hall/bob");
    CHECK_EQ(of_a.events.seen[WS_NATS_EVENT_LEFT], 1);
    n_serve(&a);
    ws_nats_options o = n_options(&nats);
    o.on_presence = on_presence;
    CHECK_EQ(ws_nats_join(a.server, &o, &a.bridge), WS_ERR_PARAMETER);
    CHECK_HAS(ws_nats_last_error(), "options.on_presence: is given, but not WS_NATS_PRESENCE");
    n_finish(&a);
}

static void ten_thousand_are_known(void)
{
    enum { MEMBERS = 10000 };
    n_node a, b;
    static news of_b;
    char name[32];
    n_serve(&a);
    n_serve(&b);
    n_join(&a, options());
    for (int i = 0; i < MEMBERS; i++) {
        snprintf(name, sizeof name, "member %d", i);
        enter(&a, "stadium", name);
    }
    join_with(&b, &of_b);
    N_UNTIL(count(&b, "stadium") == MEMBERS && of_b.joined == MEMBERS);
    for (int i = 0; i < MEMBERS; i += 2) {
        snprintf(name, sizeof name, "member %d", i);
        leave(&a, "stadium", name);
    }
    N_UNTIL(count(&b, "stadium") == MEMBERS / 2 && of_b.left == MEMBERS / 2);
    /* NATS goes: each knows its own; it comes back: all. */
    int port = nats.port;
    n_end(&nats, SIGKILL);
    N_UNTIL(!count(&b, "stadium") && of_b.left == MEMBERS);
    CHECK_EQ(count(&a, "stadium"), MEMBERS / 2);
    enter(&a, "stadium", "meanwhile");
    n_start(&nats, port, NULL);
    N_UNTIL(count(&b, "stadium") == MEMBERS / 2 + 1 && of_b.joined == MEMBERS + MEMBERS / 2 + 1);
    CHECK_EQ(of_b.left, MEMBERS);
    n_finish(&a);
    n_finish(&b);
}

int main(void)
{
    n_start(&nats, 0, NULL);
    all_know_who_is_there();
    who_comes_and_goes_is_told();
    ten_thousand_are_known();
    n_end(&nats, SIGTERM);
    return t_done();
}
