/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words: topics are subjects and come back as the same topics, whatever their bytes; no subject belongs to
 * two; patterns fit as they do in libws; stamps that nobody writes are refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../stamp.h"
#include "../subject.h"
#include "../tally.h"

#define CHECK(x)                                                        \
    do {                                                                \
        if (!(x)) {                                                     \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);     \
            exit(1);                                                    \
        }                                                               \
    } while (0)

/* A generator of its own, so that each run plays the same. */
static uint64_t state = 25;

static unsigned random_below(unsigned most)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % most;
}

static void subject_is(const char *topic, const char *want)
{
    char subject[WSN_MAX_SUBJECT];
    size_t size = wsn_topic_subject(subject, "p", topic, strlen(topic));
    CHECK(size == strlen(subject));
    if (strcmp(subject, want)) fprintf(stderr, "%s is %s\n", topic, subject);
    CHECK(!strcmp(subject, want));
}

static void pattern_is(const char *pattern, const char *want, const char *above)
{
    char subject[WSN_MAX_SUBJECT];
    wsn_pattern_subject(subject, "p", pattern, strlen(pattern), false);
    CHECK(!strcmp(subject, want));
    CHECK(wsn_pattern_has_above(pattern, strlen(pattern)) == (above != NULL));
    if (!above) return;
    wsn_pattern_subject(subject, "p", pattern, strlen(pattern), true);
    CHECK(!strcmp(subject, above));
}

static void topics_are_readable(void)
{
    subject_is("room/7", "p.room.7");
    subject_is("room.7", "p.room%2E7");
    subject_is("a b", "p.a%20b");
    subject_is("/", "p.%.%");
    subject_is("a//b", "p.a.%.b");
    subject_is("%", "p.%25");
    subject_is("+/#", "p.+.#");
    subject_is("*/>", "p.%2A.%3E");
    subject_is("k\xc3\xbc", "p.k%C3%BC");
    pattern_is("+", "p.*", NULL);
    pattern_is("#", "p.>", NULL);
    pattern_is("a/+/c", "p.a.*.c", NULL);
    pattern_is("a/#", "p.a.>", "p.a");
    pattern_is("+/#", "p.*.>", "p.*");
    pattern_is("/#", "p.%.>", "p.%");
    pattern_is("a+/b", "p.a+.b", NULL);
}

static void patterns_fit(void)
{
    static const struct {
        const char *pattern, *topic;
        bool fits;
    } cases[] = {{"a", "a", true},    {"a", "b", false},      {"a", "a/", false},       {"+", "a", true},
                 {"+", "a/b", false}, {"+", "$a", false},     {"#", "a/b/c", true},     {"#", "$a", false},
                 {"a/#", "a", true},  {"a/#", "a/", true},    {"a/#", "a/b/c", true},   {"a/#", "ab", false},
                 {"a/+", "a", false}, {"a/+", "a/", true},    {"a/+/c", "a/b/c", true}, {"a/+/c", "a/b/d", false},
                 {"+/+", "/", true},  {"$a/#", "$a/b", true}, {"a/b", "a", false},      {"a", "a/b", false},
                 {"/#", "/", true},   {"/#", "a", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(wsn_pattern_fits(cases[i].pattern, strlen(cases[i].pattern), cases[i].topic, strlen(cases[i].topic)) ==
              cases[i].fits);
}

/* What NATS wants of a subject: no empty token, no blank, no control byte, no wildcard. */
static void check_subject(const char *subject)
{
    CHECK(subject[0] && subject[0] != '.' && subject[strlen(subject) - 1] != '.' && !strstr(subject, ".."));
    for (const char *at = subject; *at; at++) CHECK(*at > ' ' && *at < 127 && *at != '*' && *at != '>');
}

static void topics_come_back(void)
{
    for (int i = 0; i < 200000; i++) {
        unsigned char topic[WSN_MAX_TOPIC], back[WSN_MAX_TOPIC + 1];
        size_t size = 1 + random_below(i % 50 ? 12 : WSN_MAX_TOPIC), length;
        static const char often[] = "/%.+#*>a0 ";
        for (size_t n = 0; n < size; n++)
            topic[n] = (unsigned char)(random_below(2) ? random_below(256) : (unsigned char)often[random_below(10)]);
        char subject[WSN_MAX_SUBJECT];
        wsn_topic_subject(subject, "p", topic, size);
        check_subject(subject);
        CHECK(wsn_subject_topic(subject + 2, back, &length));
        CHECK(length == size && !memcmp(back, topic, size));
    }
    unsigned char longest[WSN_MAX_TOPIC];
    char subject[WSN_MAX_SUBJECT], prefix[WSN_MAX_PREFIX + 3];
    memset(prefix, 'p', sizeof prefix);
    prefix[sizeof prefix - 1] = 0;
    memset(longest, ' ', sizeof longest);
    CHECK(wsn_topic_subject(subject, prefix, longest, sizeof longest) < WSN_MAX_SUBJECT);
    memset(longest, '/', sizeof longest);
    CHECK(wsn_topic_subject(subject, prefix, longest, sizeof longest) < WSN_MAX_SUBJECT);
}

/* Tokens that are read as a topic are those that it is written as: so no topic has two subjects. */
static void subjects_of_nobody_are_refused(void)
{
    int read = 0;
    for (int i = 0; i < 500000; i++) {
        char tokens[32], again[WSN_MAX_SUBJECT];
        size_t size = 1 + random_below(12), length;
        for (size_t n = 0; n < size; n++) tokens[n] = "%%%2Ff0aAz.. /+#"[random_below(16)];
        tokens[size] = 0;
        unsigned char topic[WSN_MAX_TOPIC + 1];
        if (!wsn_subject_topic(tokens, topic, &length)) continue;
        read++;
        wsn_topic_subject(again, "p", topic, length);
        CHECK(!strcmp(again + 2, tokens));
    }
    CHECK(read > 10000);
    static const char *const wrong[] = {"",   ".",  "a.", ".a", "a..b", "%2f", "%2F", "%61",
                                        "%2", "%%", "a%", "%.", "*",    "a.>", "a b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        unsigned char topic[WSN_MAX_TOPIC + 1];
        size_t size;
        CHECK(!wsn_subject_topic(wrong[i], topic, &size));
    }
    char tokens[WSN_MAX_TOPIC + 2];
    unsigned char topic[WSN_MAX_TOPIC + 1];
    size_t size;
    memset(tokens, 'a', sizeof tokens);
    tokens[WSN_MAX_TOPIC + 1] = 0;
    CHECK(!wsn_subject_topic(tokens, topic, &size));
    tokens[WSN_MAX_TOPIC] = 0;
    CHECK(wsn_subject_topic(tokens, topic, &size) && size == WSN_MAX_TOPIC);
}

static void prefixes_are_checked(void)
{
    static const char *const wrong[] = {"", ".", "a.", ".a", "a..b", "a.*", ">", "a b", "a/b", "$JS", "a\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) CHECK(wsn_prefix_fault(wrong[i]));
    CHECK(!wsn_prefix_fault("libws") && !wsn_prefix_fault("my-app_1.chat"));
}

static void stamps_come_back(void)
{
    wsn_stamp s = {.binary = true, .from = "alpha.k3x9q2ma", .number = UINT64_MAX, .turn = 7, .time_ms = 1796041536838,
                   .key = UINT64_MAX, .priority = -5, .part = 2, .parts = 3, .size = 70000}, back;
    char text[WSN_MAX_STAMP];
    wsn_stamp_write(text, &s);
    CHECK(wsn_stamp_read(text, &back));
    CHECK(back.binary && !strcmp(back.from, s.from) && back.number == s.number && back.turn == 7 &&
          back.time_ms == s.time_ms);
    CHECK(back.key == s.key && back.priority == -5 && back.part == 2 && back.parts == 3 && back.size == 70000);
    static const char *const wrong[] = {"",
                                        "1",
                                        "2 T a 1 1 1 0 0 1 1 5",
                                        "1 X a 1 1 1 0 0 1 1 5",
                                        "1 T  1 1 1 0 0 1 1 5",
                                        "1 T a 0 1 1 0 0 1 1 5",
                                        "1 T a 1 0 1 0 0 1 1 5",
                                        "1 T a 1 1 1 0 0 2 1 5",
                                        "1 T a 1 1 1 0 0 0 1 5",
                                        "1 T a 1 1 1 0 0 1 1",
                                        "1 T a 1 1 1 0 0 1 1 5 6",
                                        "1 T a 18446744073709551616 1 1 0 0 1 1 5",
                                        "1 T a 1 1 -1 0 0 1 1 5",
                                        "1 T a 1 1 1 0 0 1 1 5x",
                                        "1 T aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee 1 1 1 0 0 1 1 5"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) CHECK(!wsn_stamp_read(wrong[i], &back));
    for (int i = 0; i < 200000; i++) { /* whatever comes, it ends */
        char damaged[WSN_MAX_STAMP];
        strcpy(damaged, text);
        for (int n = 0; n < 3; n++) damaged[random_below((unsigned)strlen(text))] = (char)random_below(128);
        wsn_stamp_read(damaged, &back);
    }
}

static void tallies_count_each_topic(void)
{
    wsn_tally t = {0};
    for (uint64_t round = 1; round <= 3; round++)
        for (uint64_t i = 0; i < 100000; i++) {
            wsn_count *c = wsn_tally_at(&t, wsn_hash(&i, sizeof i));
            CHECK(c && c->last == round - 1);
            c->last++;
        }
    for (uint64_t i = 0; i < 2 * WSN_TALLY_MOST; i++) CHECK(wsn_tally_at(&t, wsn_hash(&i, sizeof i)));
    CHECK(t.used <= WSN_TALLY_MOST && t.room <= 2 * WSN_TALLY_MOST);
    wsn_tally_free(&t);
}

int main(void)
{
    topics_are_readable();
    patterns_fit();
    topics_come_back();
    subjects_of_nobody_are_refused();
    prefixes_are_checked();
    stamps_come_back();
    tallies_count_each_topic();
    return 0;
}
