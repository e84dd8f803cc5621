/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JVM in the same process. It has handlers for faults of its own, which it causes on
 * purpose, and stops its threads by them. Threads of Java call the library, and callbacks
 * of the library call Java. beside_a_jvm first|later CLASSPATH: whether the library was used before the JVM began.
 */
#include "t.h"

#include <jni.h>

enum { ROUNDS = 8 };

static JavaVM *vm;
static jclass beside;
static jmethodID work, threads;
static t_latch called_back = T_LATCH;

static void JNICALL native_call(JNIEnv *env, jclass class)
{
    (void)env, (void)class;
    static t_latch told = T_LATCH;
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    ws_handle h = ws_create(NULL);
    CHECK(h);
    OK(ws_connect(h, "wss://localhost:1/", NULL, t_tick, &told));
    OK(ws_destroy(h));
}

static void good(JNIEnv *env)
{
    if (!(*env)->ExceptionCheck(env)) return;
    (*env)->ExceptionDescribe(env);
    FAIL("an exception in Java");
}

static void on_message(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    JNIEnv *env;
    CHECK_EQ((*vm)->AttachCurrentThreadAsDaemon(vm, (void **)&env, NULL), JNI_OK);
    CHECK_EQ((*env)->CallStaticIntMethod(env, beside, work), 1000);
    good(env);
    t_add(&called_back, 1);
}

static JNIEnv *begin(const char *classes)
{
    char path[1000];
    JNIEnv *env;
    snprintf(path, sizeof path, "-Djava.class.path=%s", classes);
    JavaVMOption options[] = {{path, NULL}, {"-Xmx128m", NULL}};
    JavaVMInitArgs arguments = {.version = JNI_VERSION_10, .nOptions = 2, .options = options};
    CHECK_EQ(JNI_CreateJavaVM(&vm, (void **)&env, &arguments), JNI_OK);
    beside = (*env)->FindClass(env, "Beside");
    good(env);
    beside = (*env)->NewGlobalRef(env, beside);
    JNINativeMethod method = {"call", "()V", (void *)native_call};
    CHECK_EQ((*env)->RegisterNatives(env, beside, &method, 1), 0);
    work = (*env)->GetStaticMethodID(env, beside, "work", "()I");
    threads = (*env)->GetStaticMethodID(env, beside, "threads", "(I)I");
    good(env);
    return env;
}

int main(int argc, char **argv)
{
    JNIEnv *env = NULL;
    CHECK_EQ(argc, 3);
    int later = !strcmp(argv[1], "later");
    if (!later) env = begin(argv[2]);
    ws_handle server = t_server(NULL, NULL), client = t_open_client(server, NULL);
    if (later) env = begin(argv[2]);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL));
    for (int i = 0; i < ROUNDS; i++) OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    CHECK_EQ((*env)->CallStaticIntMethod(env, beside, threads, ROUNDS), 2 * ROUNDS);
    good(env);
    for (int i = 0; i < ROUNDS; i++) CHECK_EQ((*env)->CallStaticIntMethod(env, beside, work), 1000);
    t_wait(&called_back, ROUNDS);
    return t_done();
}
