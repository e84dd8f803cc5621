/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slot.pml - the life of a slot, for spin: every interleaving of two threads of the host, a
 * shutdown, the loop that owns the connections, and the dispatcher of a queue.
 *
 * What is modelled: handles made, paused, resumed, read and destroyed; the block and stream
 * of a slot; the records of a batch; posts to the loop; the line of a queue; the release.
 * An owner is a number that is never used twice; a handle in the code is a slot and a
 * generation, which come to the same. What an owner's number is compared with in an assert
 * is what nobody in the code could compare: it is the truth that the code must keep to.
 *
 * The rules that the code keeps have names (rules.txt says where each is kept). A run with
 * -DWITHOUT_<rule> leaves one out, and must fail:
 *
 *   FLUSH_BEFORE_RELEASE  a slot is given back behind the batch that may name it
 *   KNOWN_BEFORE_LISTED   a client is whole before a shutdown can find it
 *   SECOND_LOOK           who reads a block by its handle looks at the handle again
 *   DESTROYED_UNDER_LOCK  who reaches a block through its connection looks first whether
 *                         that was destroyed, under the lock under which it is
 *   LEFT_BEFORE_ENDED     a dispatcher gives its stream back before it says that it has
 *                         told the last event
 *   CUT                   what is aborted holds nothing back any longer
 *
 * -DINLINE: the loop delivers itself and there is no queue.
 * -DPEER: the second thread has a connection that a server accepted, whose peer ends it, and instead
 * of a shutdown the server stops: when its patience is over it aborts what is left, and destroys
 * no handle. With a queue only.
 * -DREPLAY: what a trace is replayed of on a debug build (replay.sh): no connection is opened, and
 * rounds of the loop, batches and turns of the dispatcher are whole, as they are in the code.
 *
 * A comment that begins with @ names the point in the code where that step begins (debug.h), or where
 * a thread stands that waits for ever.
 */

#ifndef SLOTS
#define SLOTS 1
#endif
#ifndef HANDLES
#define HANDLES 1 /* that the first thread makes, one after the other; the second makes one */
#endif
#define OWNERS (HANDLES + 1) /* 0 is nobody; with PEER 1 is the accepted connection */
#define LINE 8

mtype = { OPEN, MESSAGE, CLOSE, DESTROYED, RESUMED };       /* records */
mtype = { T_OPEN, T_PEER, T_PAUSE, T_STOP, T_ABORT, T_ENDED }; /* tasks of the loop */
mtype = { IDLE, OPENED, GONE, RELEASED };                   /* phases of a connection */

/* ---- the block of a slot (capi/shared.h, wsx_block)  , and the stream beside it ----------- */

byte handle[SLOTS]; /* whose it is; 0: free */
byte value[SLOTS];  /* something that is read by handle: here whose it is, or was */
bool dead[SLOTS], paused[SLOTS], cut[SLOTS], holding[SLOTS];
bool final[SLOTS]; /* its last events pass a pause (WSX_REC_FINAL) */
byte stream[SLOTS]; /* whose stream stands there; 0: none */
byte conns[SLOTS];  /* the host's table of connections (capi/host.go); 0: none */
chan vacant = [SLOTS] of { byte };

/* ---- what waits in the queue: of each stream, and whether a dispatcher has taken it ------- */

typedef line { chan events = [LINE] of { mtype, byte } };
line waiting[SLOTS];
bool taken[SLOTS];

/* ---- a connection (core/conn.go), by owner ------------------------------------------------- */

byte slot_of[OWNERS + 1];
mtype phase[OWNERS + 1] = IDLE;
bool destroyed[OWNERS + 1], wants_pause[OWNERS + 1], asked_pause[OWNERS + 1], listed[OWNERS + 1];
byte held[OWNERS + 1];        /* messages that a pause keeps, inline */

/* ---- the loop ------------------------------------------------------------------------------- */

chan tasks = [12] of { mtype, byte };
chan batch = [10] of { mtype, byte, byte }; /* type, slot, owner */
chan after = [OWNERS] of { byte };          /* to be released when the batch was dispatched */

/* ---- what is counted ----------------------------------------------------------------------- */

byte opens[OWNERS + 1], closes[OWNERS + 1], ends[OWNERS + 1];
byte made, alive;
bool stopping, host_done[2], stopped;
#ifdef PEER
bool peer_is_there = true;
#endif

/* What the code does under a lock, and what one thread does for itself alone, is one step here:
 * nobody else sees its middle. So is what commutes with all that others may do meanwhile, which
 * a comment then shows: each order of such steps has the same end as one that the search takes.
 * What is not looked at again until it is set anew is cleared, so that states which differ in
 * nothing else are one. */

/* An event reaches its listeners: those of whose slot it is now. */
inline tell(type, s, owner)
{
    d_step {
        assert(handle[s] == owner); /* no event of one owner reaches another */
        assert(ends[owner] == 0);   /* destroyed is the last one */
        if
        :: type == OPEN -> opens[owner]++
        :: type == CLOSE ->
            closes[owner]++; assert(closes[owner] <= opens[owner]);
#ifdef PEER
            if
            :: owner == 1 -> dead[s] = true /* that of an accepted connection ends its handle */
            :: else
            fi
#endif
        :: type == DESTROYED -> ends[owner]++; assert(opens[owner] == closes[owner]); opens[owner] = 0; closes[owner] = 0
        :: else
        fi
    }
}

/* ---- making and releasing a handle (capi/handle.c, table.c, queue.c) --------------------------- */

/* wsx_release: the stream goes first. The entry in conns goes in the same step: nobody but the
 * loop looks at stream, and a dispatcher that has it, or something to tell of it, has so now or had
 * it before, for there is no other way to get it. */
inline release_slot(s)
{
    d_step { /* @leave */
        conns[s] = 0;
        assert(!taken[s]); /* no dispatcher has the stream of a slot that is given back */
        assert(empty(waiting[s].events)); /* every event was told */
        stream[s] = 0
    }
    atomic {
        handle[s] = 0; /* @freed wsx_mutex */
        vacant!s;
        dead[s] = false; paused[s] = false; cut[s] = false; holding[s] = false; final[s] = false
    }
}

/* Conn.released */
inline released(o)
{
    d_step { /* @phase */
        phase[o] = RELEASED; /* the loop's own */
        destroyed[o] = true; wants_pause[o] = false /* Conn.mu */
    }
    release_slot(slot_of[o]);
    d_step { /* @unlisted */
        listed[o] = false; /* Engine.mu */
        alive--
    }
}

/* Conn.Destroy, under Conn.mu */
inline destroy(o)
{
    atomic {
        if
        :: destroyed[o] /* @destroy */
        :: else -> /* @destroy */
            destroyed[o] = true;
            dead[slot_of[o]] = true;
            tasks!T_ABORT, o
        fi
    }
}

/* ---- the host's threads ---------------------------------------------------------------------- */

/* ws_create: o is the new owner, 0 when the library is shutting down. */
inline create(o, s)
{
    atomic { /* wsx_acquire, under wsx_mutex */
        if
        :: vacant?s -> /* @acquire */
            made++;
            o = made;
            slot_of[o] = s;
            value[s] = o; dead[s] = false; paused[s] = false; cut[s] = false; holding[s] = false; final[s] = false;
            handle[s] = o
        :: empty(vacant) -> o = 0
        fi
    };
    if
    :: o == 0
    :: o ->
        d_step { /* @known nobody looks at the stream of who is not listed */
#ifndef INLINE
            stream[s] = o;
#endif
#ifndef WITHOUT_KNOWN_BEFORE_LISTED
            conns[s] = o
#else
            skip
#endif
        }
        if /* Engine.addClient, under Engine.mu */
        :: stopping -> /* @listed */
            release_slot(s);
            o = 0
        :: atomic {
            !stopping -> /* @listed */
            listed[o] = true; alive++
        }
        fi;
#ifdef WITHOUT_KNOWN_BEFORE_LISTED
        if
        :: o ->
            conns[s] = o /* @late */
        :: !o
        fi;
#endif
    fi
}

/* ws_pause and ws_resume: Conn.setPaused, under Conn.mu. */
inline set_paused(o, on)
{
    atomic {
        if
#ifndef WITHOUT_DESTROYED_UNDER_LOCK
        :: destroyed[o] /* @pause */
#endif
#ifndef WITHOUT_DESTROYED_UNDER_LOCK
        :: else ->
#else
        :: true ->
#endif
            assert(handle[slot_of[o]] == o); /* @pause the block is still its own */
            wants_pause[o] = on;
            paused[slot_of[o]] = on;
            if
            :: asked_pause[o] /* once, however often it is called */
            :: else -> asked_pause[o] = true; tasks!T_PAUSE, o
            fi
        fi
    }
}

/* ws_state: what is read by a handle is that handle's, or the handle is stale. */
inline read_by_handle(s, o)
{
    byte got;
    if
    :: handle[s] != o || dead[s] /* @look */
    :: else -> /* @look */
        got = value[s]; /* @value */
#ifdef WITHOUT_SECOND_LOOK
        d_step { assert(got == o); got = 0 }
#else
        d_step { /* @second */
            if
            :: handle[s] != o || dead[s] /* stale */
            :: else -> assert(got == o)
            fi;
            got = 0
        }
#endif
    fi
}

/* ws_destroy: wsx_kill, then the connection of the handle. */
inline destroy_by_handle(s, o)
{
    c = conns[s]; /* @find */
    if
    :: c == o && handle[s] == o && !dead[s] -> destroy(o)
    :: else
    fi;
    c = 0
}

proctype host(byte me)
{
    byte o, s, c, round;
#ifdef PEER
    if
    :: me == 1 ->
        o = 1; round = 1;
        if
        :: true -> set_paused(o, true); set_paused(o, false)
        :: true -> set_paused(o, true)
        :: true
        fi;
        if
        :: true -> destroy_by_handle(s, o)
        :: true
        fi;
        atomic { o = 0; s = 0 }
    :: else
    fi;
#endif
    do
    :: round < (me == 0 -> HANDLES : 1) ->
        round++;
        create(o, s);
        if
        :: o == 0
        :: else ->
#ifndef REPLAY
            atomic { /* ws_connect, under Conn.mu; the peer may end it, as it does with accepted ones */
                if
                :: destroyed[o]
                :: else ->
                    tasks!T_OPEN, o;
                    if
                    :: me == 1 -> tasks!T_PEER, o
                    :: true
                    fi
                fi
            };
#endif
            if
            :: me == 0 -> set_paused(o, true); set_paused(o, false)
            :: me == 0 -> set_paused(o, true)
            :: me == 1 -> read_by_handle(s, o)
            fi;
            destroy_by_handle(s, o);
            if
            :: me == 1 -> read_by_handle(s, o)
            :: else
            fi
        fi;
        atomic { o = 0; s = 0 }
    :: else -> break
    od;
    atomic { round = 0; host_done[me] = true }
}

/* ws_shutdown_wait: destroys what is there and waits until it has gone. */
proctype shutdown()
{
    byte o = 1;
#if defined(PEER) && defined(REPLAY)
    host_done[1]; /* the thread itself stops its server */
#endif
    stopping = true; /* @stopping */
    do
    :: o <= OWNERS ->
        if
#ifdef PEER
        :: atomic { listed[o] && o == 1 -> tasks!T_STOP, o }
        :: listed[o] && o != 1 -> destroy(o)
#else
        :: listed[o] -> destroy(o)
#endif
        :: !listed[o]
        fi;
        o++
    :: else -> break
    od;
    (alive == 0 && host_done[0] && host_done[1]);
    stopped = true
}

/* ---- the loop ---------------------------------------------------------------------------------- */

inline record(type, o) { batch!type, slot_of[o], o }

/* wsx_dispatch, and what follows a batch (worker.flush). */
inline flush()
{
#ifdef REPLAY
    atomic {
    if
    :: nempty(batch) -> /* @flush */
        skip
    :: empty(batch)
    fi;
    do
    :: batch?r_type, r_slot, r_owner ->
        assert(handle[r_slot] == r_owner);
        assert(stream[r_slot] == r_owner);
        if
        :: r_type == RESUMED
        :: else -> waiting[r_slot].events!r_type, r_owner
        fi;
        r_type = 0; r_slot = 0; r_owner = 0
    :: empty(batch) -> break
    od
    };
#endif
    do
    :: atomic { batch?r_type, r_slot, r_owner -> /* the batch is the loop's own */
        assert(handle[r_slot] == r_owner); /* a record names the slot of its owner */
#ifdef INLINE
        if
        :: r_type == RESUMED
        :: r_type != RESUMED && r_type != DESTROYED && r_type != CLOSE && (paused[r_slot] || holding[r_slot]) && !cut[r_slot] ->
            holding[r_slot] = true;
            if
            :: r_type == MESSAGE -> held[r_owner]++
            :: else -> tell(r_type, r_slot, r_owner) /* open is never held: a pause needs it first */
            fi
        :: else ->
            if
            :: r_type == MESSAGE && dead[r_slot]
            :: else -> tell(r_type, r_slot, r_owner)
            fi
        fi
#else
        assert(stream[r_slot] == r_owner);
        if
        :: r_type == RESUMED
        :: else -> waiting[r_slot].events!r_type, r_owner
        fi
#endif
        ; r_type = 0; r_slot = 0; r_owner = 0 }
    :: empty(batch) -> break
    od;
    do
    :: after?o -> released(o); o = 0
    :: empty(after) -> break
    od
}

inline end_of_round() { if :: nempty(batch) || nempty(after) -> flush() :: empty(batch) && empty(after) fi }

/* Conn.finish and gone */
inline finish(o)
{
    if
    :: phase[o] == OPENED -> record(CLOSE, o)
    :: else
    fi;
    phase[o] = GONE;
    record(DESTROYED, o);
#ifdef INLINE
    after!o
#endif
}

proctype loop()
{
    mtype task, r_type;
    byte o, r_slot, r_owner;
#ifdef REPLAY
    byte left; /* tasks of this round */
#endif
#ifdef WITHOUT_FLUSH_BEFORE_RELEASE
    bool now;
#endif
#define OVER (phase[o] == RELEASED)
    do
#ifdef REPLAY
    :: atomic {
        nempty(tasks) && left == 0 -> /* @round */
        left = len(tasks)
    }
    :: atomic {
        left > 0 -> /* @task */
        left--; tasks?task, o;
#else
    :: atomic { tasks?task, o -> /* what others post meanwhile comes behind it, taken or not */
#endif
            if
            :: OVER
            :: !OVER && task == T_OPEN ->
                if
                :: phase[o] == IDLE && !destroyed[o] ->
                    phase[o] = OPENED;
                    record(OPEN, o);
                    record(MESSAGE, o)
                :: else
                fi
            :: !OVER && task == T_PEER ->
                if
                :: phase[o] == OPENED -> finish(o)
                :: else
                fi
            :: !OVER && task == T_PAUSE ->
                asked_pause[o] = false;
                if
                :: !wants_pause[o] ->
                    assert(handle[slot_of[o]] == o);
                    holding[slot_of[o]] = false;
                    do /* deliverHeld */
                    :: held[o] > 0 -> held[o]--; record(MESSAGE, o)
                    :: else -> break
                    od;
#ifndef INLINE
                    record(RESUMED, o)
#endif
                :: else
                fi
            :: !OVER && task == T_ABORT ->
                assert(handle[slot_of[o]] == o);
#ifndef WITHOUT_CUT
                cut[slot_of[o]] = true;
#endif
                held[o] = 0; /* flushHeld: messages are dropped */
#ifndef INLINE
                record(RESUMED, o);
#endif
                if
                :: phase[o] == GONE
                :: else -> finish(o); final[slot_of[o]] = true
                fi
#ifdef PEER
            :: !OVER && task == T_STOP -> tasks!T_ABORT, o /* stopDeadline: by its server, not by its handle */
#endif
            :: !OVER && task == T_ENDED ->
#ifdef WITHOUT_FLUSH_BEFORE_RELEASE
                now = true
#else
                after!o
#endif
            fi;
            task = 0;
#ifndef WITHOUT_FLUSH_BEFORE_RELEASE
            o = 0
#endif
        };
#ifdef WITHOUT_FLUSH_BEFORE_RELEASE
        if :: now -> now = false; released(o) :: !now fi;
#endif
#ifdef REPLAY
        if
        :: left == 0 -> end_of_round()
        :: else
        fi
#else
        if /* the round ends, or more tasks are taken first */
        :: empty(tasks) -> end_of_round()
        :: nempty(tasks) && len(batch) < 5 -> skip
        :: nempty(tasks) -> end_of_round()
        fi
#endif
#ifdef PEER
    :: atomic { /* Conn.Ready; who is paused is not read */
#ifdef REPLAY
        peer_is_there && !wants_pause[1] && left == 0 -> /* @peer */
#else
        peer_is_there && !wants_pause[1] ->
#endif
        peer_is_there = false;
        if
        :: phase[1] == OPENED -> finish(1)
        :: else
        fi
        };
        if /* a round looks at sockets first, then at tasks */
        :: empty(tasks) -> end_of_round()
        :: nempty(tasks)
        fi
#endif
    :: stopped && empty(tasks) -> break
    od
}

/* ---- the dispatcher of the queue (capi/queue_dispatch.c) ---------------------------------------- */

#define HELD_BACK(s) (paused[s] && !cut[s] && !dead[s] && !final[s]) /* wsx_paused, wsx_passes_pause */

inline turn(s)
{
    /* Taking and telling: what others say or pause in between has the same effect before or after
     * it, and a slot must not be released in between nor before, for there is something to tell. */
    atomic {
        nempty(waiting[s].events) && !HELD_BACK(s) && !taken[s] -> /* @take */
        taken[s] = true;
#ifdef REPLAY
        do
        :: empty(waiting[s].events) -> break
        :: nempty(waiting[s].events) ->
#endif
        waiting[s].events?type, o;
        h = handle[s];
        assert(h == o);
        if
        :: type == MESSAGE && dead[s]
        :: else -> tell(type, s, o)
        fi;
        if
        :: type == DESTROYED -> ended = h
        :: else
        fi;
        type = 0; o = 0; h = 0
#ifdef REPLAY
        od
#endif
    };
#ifdef WITHOUT_LEFT_BEFORE_ENDED
    if :: ended -> say_ended(s) :: else fi;
    taken[s] = false /* @back */
#else
    taken[s] = false; /* @back */
    if :: ended -> say_ended(s) :: else fi
#endif
}

/* wsgo_queue_ended: the connection of that handle is told. */
inline say_ended(s)
{
    c = conns[s]; /* @ended */
    atomic {
        if
        :: c == ended -> /* @post */
            tasks!T_ENDED, c
        :: else
        fi;
        c = 0; ended = 0
    }
}

proctype dispatcher()
{
    mtype type;
    byte o, h, c, ended;
    do /* @take where it waits */
    :: turn(0)
#if SLOTS > 1
    :: turn(1)
#endif
    :: stopped -> break
    od
}

init {
    byte i;
    atomic {
        do
        :: i < SLOTS -> vacant!i; i++
        :: else -> break
        od;
#ifdef PEER
        vacant?eval(0); /* the first slot is the accepted connection's, and the host has heard that it is open */
        handle[0] = 1; value[0] = 1; stream[0] = 1; conns[0] = 1; made = 1;
        slot_of[1] = 0; phase[1] = OPENED; opens[1] = 1; listed[1] = true; alive = 1;
#endif
        run loop();
#ifndef INLINE
        run dispatcher();
#endif
        run host(0);
        run host(1);
        run shutdown()
    }
    (_nr_pr == 1); /* all have ended; that they do is what spin looks for */
    i = 1;
    do
    :: i <= OWNERS ->
        assert(opens[i] == closes[i]);
        assert(!listed[i] && (phase[i] == IDLE || ends[i] == 1));
        i++
    :: else -> break
    od;
    assert(len(vacant) == SLOTS); /* every slot came back */
    assert(empty(batch) && empty(after))
}
