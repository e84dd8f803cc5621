// SPDX-License-Identifier: Apache-2.0

// Package core is the product in pure Go: WebSocket clients and servers on
// event loops (RFC 6455), delivering events in batches to a Host.
//
// Enter here for the rules of a connection: what may be sent when, what a close
// does, which event follows which, which limit applies. Frames are in wire, the
// HTTP upgrade in handshake, addresses in dial, descriptors and timers in loop.
//
// # Files
//
// A file holds one concept; its name begins with the wing of the house where it is.
//
// conn, what every connection has: conn.go the struct and its life, with what few connections need
// and a lock that is given back in the middle; conn_phases.go the table of what happens in which
// phase; conn_close.go the closing handshake; conn_end.go destroying, and what an end gives back;
// conn_facts.go what a host may ask of one, its figures and texts.
//
// recv, from bytes to messages: recv.go reads and frames, and how much at once; recv_large.go a large
// message, which is read to where it belongs;
// recv_control.go pings, pongs and floods;
// recv_incoming.go an incomplete message, also one that is too large and is skipped; recv_packed.go
// a compressed one, and whose turn it is to be inflated; recv_pause.go back-pressure towards the
// peer, and what a pause keeps.
//
// send, from messages to bytes: send.go the way of a message; send_queue.go what the kernel did not
// take; send_early.go what has to wait whole (package shelf has it); send_acknowledge.go what the peer has not acknowledged;
// send_pieces.go a message in pieces, also compressed; send_packed.go
// one that is compressed; send_direct.go what the
// host writes itself; send_gathered.go what waits in an outbox: of the callbacks of a batch until it
// ends, of a thread that dispatches a queue until its turn ends; and what callbacks send that no
// outbox can have; send_held.go the same by a queue;
// send_passed.go what a callback sends of a large message that it got.
//
// publish, one message to many: publish.go the call, publish_packed.go the same compressed;
// publish_topics.go who subscribes, and how that ends (package topics knows who has);
// publish_news.go which topics begin and end, when the host asks; publish_fan.go the frame that
// recipients share, and how a loop writes it; publish_relay.go what leaves the process by a relay, and
// comes in by it (package relay has its queue).
//
// tls, crypto/tls on a loop: tls.go the adapter; tls_send.go how a frame is encrypted, tls_cork.go
// those of a batch together; tls_questions.go what a handshake asks the host (package tlsbuf has
// what it reads into).
//
// client: client.go from ws_connect to open; client_gate.go what attempts ask of the engine;
// client_retry.go connecting again, and what the host changes before; client_vigil.go deadlines of
// the open connection.
//
// server: server.go start and stop; server_places.go where it listens, server_listener.go a socket
// that does; server_stop.go how it stops listening, and how it stops; server_adopt.go what the
// host has accepted itself; server_refuse.go who is not let in (who is, package admit knows),
// server_front.go who the client is behind a proxy; server_handshaking.go a connection until it is
// open, TLS included, server_shake.go a TLS handshake that runs on its loop; server_opening.go its request (package requests has its bytes);
// server_request.go what the host is asked, server_respond.go what it answers; server_sweep.go
// deadlines; server_figures.go what is counted.
//
// memory, when it is short or nobody needs it: memory_relief.go who waits and who ends, and what
// the pool keeps; memory_park.go who is not read; memory_coders.go what compression keeps (package
// slack gives back what is free of the Go heap).
//
// engine, around all: engine.go start and end, bounds that no option changes, and how it runs things
// on threads of its own and in steps; engine_posted.go functions that the host has posted;
// engine_worker.go a loop with its batch, and what a debug build checks of its slots; engine_log.go
// the log; engine_figures.go counters and the ceiling. host.go is what core asks of the host.
//
// # Words
//
// Each means one thing here:
//
//   - arena: memory of a batch for details and texts, outside the Go heap.
//   - batch: the records of a loop that are dispatched by one call.
//   - block: the part of a connection that C reads, outside the Go heap.
//   - budget: bytes that all buffers may take together.
//   - ceiling: connections that the descriptor limit allows.
//   - claim: to count bytes in the block before they are sent.
//   - common: the queue of all who wait for nothing but one published frame.
//   - cork: to leave a frame in the outbox until the callbacks of a batch have run.
//   - delivered: an event that the host got, by a callback or from its queue.
//   - detail: what a rarer event says, beside its record.
//   - drain: the event that output has sunk to the low mark.
//   - early: sent, and has to wait whole.
//   - event: what a callback of the host is called for.
//   - fan: to write what was published to the recipients of a loop.
//   - front: a trusted proxy before a server.
//   - gate: what an attempt to connect asks of the engine.
//   - gather: to leave a frame with the thread that dispatches a queue until it has done so.
//   - handle: the number by which the host names a connection or server.
//   - handed in: published in another process, and given to a server by its relay.
//   - headroom: the masked header before a payload, where an answer may have its own.
//   - held: kept back by a pause.
//   - host: the program that the library is loaded into.
//   - interest: that a topic or pattern has got its first subscriber, or has lost its last.
//   - lane: what C needs to write to a socket itself.
//   - linger: to drop what the peer still sends behind our last frame.
//   - loop: a thread that waits for sockets and runs everything of theirs.
//   - outbox: the frames that callbacks of a batch have sent.
//   - packed: compressed by permessage-deflate.
//   - parked: not read because memory is short.
//   - passed on: sent by a callback out of the message it got, whose buffer the queue then holds.
//   - peer: the other end of a connection.
//   - phase: how far the life of a connection has come.
//   - piece: a part of a message that the host sends or gets by itself.
//   - place: where a server is to listen.
//   - plan: a checked ws_connect.
//   - question: what a TLS handshake asks the host.
//   - record: one event of a batch.
//   - relay: functions of the host that connect the topics of a server with those of other processes.
//   - relief: what is done while memory is short, and who uses much of it.
//   - shard: what a server counts for the connections of one loop.
//   - slot: the index of a block.
//   - sweep: the walk over a server's connections that finds deadlines.
//   - unheard: a message or an error that no listener took.
//   - vigil: the timer of a client's deadlines.
//   - worker: a loop with the batch that it fills.
//
// # Locks
//
// Package lock has the list, and the order. A field says what guards it; what says nothing
// belongs to the thread of its loop. Tests are built with the tag checks as well: then a lock
// that is taken out of that order panics, and so does a phase that may not follow. No lock is
// held while callbacks run, and none while a record is added. What is decided before a lock is
// taken is a hint: it is decided again under the lock.
//
// # Batches
//
// An idle connection owns its structs and nothing else (with epoll): Conn in Go, 192 bytes, and
// one 64-byte state block outside the Go heap (./build.sh bench measures it). Buffers exist while
// a message is incomplete or output is pending.
//
// Everything a record points to lies outside the Go heap: the worker's read buffer, pool buffers,
// the batch's arena. Records hold addresses as integers, so the garbage collector never sees
// them. One CTest pass runs under cgocheck2.
//
// A batch crosses the border once. It is dispatched when the round ends, when reads fill 64 KiB,
// behind a message of as much, while that is warm, or at 1024 records; also before a Close frame, a violation or the end of the stream is acted
// on, so that the host gets, and can answer, what came before it.
//
// # What callbacks send
//
// ws_send in a callback, on a server connection of the same loop with nothing queued, plain or over
// TLS, writes the frame into the batch's outbox. One compare-and-swap on the block's out word (flags
// and buffered bytes) claims it and makes it visible to other threads, which then queue behind
// it. Payload of the current event above 2 KiB is not copied but sent from where it lies; when it
// is the whole event, its header takes the place of the masked one that it came with. A message
// above 64 KiB is written at once; what the kernel does not take of it is passed on: the queue holds
// the message's own buffer, which goes back when neither the batch nor a queue needs it
// (send_passed.go). Every other
// case enters Go; there a message that is compressed, has a completion or is counted by connection
// holds what is sent from then on until the batch ends (send_gathered.go). Over TLS what is corked is
// encrypted when the batch ends, into full records (tls_cork.go); what others send meanwhile follows
// it, unencrypted until then. Order of returned calls = order on the wire.
//
// # What other threads send
//
// Other threads take the connection's lock, claim the bytes in the same word (so that a callback
// cannot cork meanwhile), send header and payload in one call, and copy what the kernel did not
// take into the queue. All or nothing, decided before the first byte. A short message over a
// plain connection on which nothing waits takes sendShort, which does the same and asks less, and
// offers the connection for direct sending: up to 1 KiB a thread claims the bytes, writes the
// frame and takes the claim back, all in C. Whoever comes meanwhile queues behind it and leaves
// the rest to it; core takes the offer back, and waits until the thread has left the descriptor,
// before it closes that. A thread that dispatches a queue gathers such messages instead, until
// its dispatch ends, or for a millisecond and a turn of sixteen events; whoever else wants to
// send takes them over first (send_gathered.go). Over TLS it gathers them, too, and core encrypts what is
// gathered of all its connections by one call. What it cannot gather, such as a compressed message or one
// with a completion, the connection holds as long, and whoever else sends lets go of it
// (send_held.go). Frames up to 1 KiB go in one piece. The kernel takes at most 256 KiB
// beyond the peer's window (TCP_NOTSENT_LOWAT), so that a slow peer's bytes are ours to count.
//
// Water marks: drain follows when the queue has sunk to the low mark, after it rose above the
// high one or a send was refused with WS_ERR_FULL.
//
// Early sends: what is sent while connecting waits whole, message by message; EARLY in the
// block's word says so. A client that keeps its sends goes on like that while it is open: it
// frames a message only when the kernel takes at least one byte, so what waits was never on the
// wire and may go out by the next connection. With WS_ACKNOWLEDGED_SENDS every message waits
// whole first, and is remembered when it has left: a timer asks the kernel every 50 ms, while
// something is, how much the peer has not acknowledged (SIOCOUTQ), also once more at the end;
// what is left goes to the front of what waits, or fails. With a full_policy of dropping or
// ending messages wait whole in the same way, of servers too, behind the one that the kernel has
// not taken: also over TLS nothing is encrypted that may still be dropped. Such a connection is
// never corked.
//
// Ranks: what waits whole leaves by priority, then in the order of the calls, and a message takes
// the place of the one that waits under its key. Who sends so (SendWith) makes its connection keep
// everything whole that cannot leave at once; who publishes so does that only behind what the
// kernel has refused, until nothing waits any more. A message in pieces is never interrupted: its
// pieces have priority 0, and behind one that has left nothing overtakes them (package shelf).
//
// Pieces: a message sent in fragments delays other messages and the host's corking until its last
// piece; when the connection ends in the middle, the next piece is refused once, so that it is
// not taken for the begin of another message.
//
// # Requests, handshakes and ends
//
// Server heads are collected by the loop (16 KiB, 15 s) and answered there. So are the TLS
// handshakes of a server, in coroutines, as long as nothing of them takes long (server_shake.go).
// Client handshakes and all other TLS handshakes run on short goroutines; then the descriptor moves
// to the loop.
// Work is bounded, waiting is not: 64 TLS handshakes of clients and 64 of servers compute at
// once, and whoever waits for a look-up, a connect, a proxy, TLS or the upgrade holds no token,
// so that thousands may wait.
//
// Without a listener a complete head goes to handshake.Accept and is answered in the same call.
// When the host listens for upgrades or requests (two bits of the server's block), the connection
// gets its handle before it is open: the head becomes an event, the connection is not read (a
// pause of its own kind), and what came behind the request stays in the buffer of the head. The
// answer is checked on the thread that gives it and sent by the loop. A request is read only when
// the answer to the one before has left, so a client that pipelines has one answer in memory. A
// handle that never opens ends with the destroyed event alone. A body in chunks loses its coding
// in place while it comes (handshake.Chunks, a state and two counts): the buffer holds the head
// and the body so far, and what surrounds the data is checked and dropped. Blank lines before a
// request are skipped; until another byte comes the connection waits as one that nobody asks.
//
// A connection that the host has accepted itself (Server.Adopt) has its handle before its loop knows
// it. It is counted and listed in the call, under Server.mu, and posted to its loop in the same
// step, so that whatever the server does to it comes behind that; then it goes on as one whose
// bytes have just been read, or is open at once.
//
// A connection of a trusted proxy is counted by nobody's address until it is known whose it is;
// admit.Admission.Moves counts it for that one then. With a field that is so for every request, because
// proxies send those of many clients on one connection; a list is read from its end, so that what
// a client wrote at its begin takes nobody's place. A PROXY header comes before TLS: it is read
// by the loop of a plain connection, by the goroutine of the handshake with TLS, and never a byte
// beyond it, so nothing has to be handed over. A client beyond its limit goes on as one that is
// refused. Only handshaking and Conn.peer know of it; the proxy's own address is asked of the
// socket when somebody wants it.
//
// ws_connect becomes a checked plan, which never changes; an attempt runs it on a short
// goroutine, past redirects, and the loop takes over. With reconnect a retry waits in the loop's
// wheel and begins the next attempt of the same plan; the completion of ws_connect is called
// once. Its waits begin anew only behind a connection that was stable, and are no shorter than
// Retry-After.
//
// After our last frame a server, or whoever fails the connection, half-closes and drops what
// still comes, at most 1 MiB or 2 s; a client waits for the server's end of stream as long. The
// close event comes when the socket is closed.
//
// # Where a server listens, and how it hands over
//
// A server has one listener per socket, each on one loop, which hands what it accepts to the
// loops of its place in turn; places that share a port by SO_REUSEPORT have a socket for each
// loop, which keeps what it accepts. All are bound before ws_server_start returns, or none.
// Descriptors are closed under Server.mu, so that ws_server_descriptor duplicates none that is
// gone. A listener leaves the poller before it is closed: others may have a duplicate, and then
// epoll would report it for ever. The file of a Unix socket is removed while the socket still
// listens, when nobody else takes its place.
//
// ws_server_stop_listening closes the listeners. Behind the last one each loop marks the
// handshakes it has, whose ends are counted; those that were accepted were posted to it before.
// No connection pays for that: the mark is in its handshaking. Messages that come between our
// Close frame and the peer's are delivered as always. tests/handover replaces a server under
// load.
//
// # Pause, heartbeats and deadlines
//
// Of a large frame the kernel tells when 1 MiB of it has come, 256 KiB where connections are many or
// memory is short, or its end (SO_RCVLOWAT), instead of each segment. So who looks for silence reads
// what has come before (recv_large.go).
//
// Pause: a paused connection is not read, so its peer feels it through TCP. What its batch still
// has is copied to it and comes first after resume; all later records are kept, too, until then,
// also those of a handle that is destroyed meanwhile. An abort (CUT) ends that: from there on
// only the last events are delivered. On a hang-up its descriptor leaves the poller, which would
// report it for ever; reading after resume finds it again.
//
// The vigil: heartbeat, idle and write deadlines of a client hang on one timer. It looks at what
// moved when the timer fires; nothing is paid per message but a time stamp per read. A pause of
// the host stops it.
//
// The sweep does the same for the connections of a server, which own neither a timer nor a struct
// for it: one timer per server and loop walks over the sockets of the loop, twenty times in the
// shortest deadline, in steps, so that the pings of many connections do not leave at once. A read
// and a message leave a mark in the connection (pulse, 4 bytes); times are kept in small units,
// so what is due is found up to an eighth of its time late. No walk is made while nobody is
// connected. Who accepts an upgrade may give the connection deadlines of its own, which are in
// rare; a walk is as quick as the shortest that the one before it has met.
//
// What few connections need (held events, vigil, pings, pieces, figures) is in rare, made at
// first use, so that an idle connection stays at 192 bytes.
//
// # Topics
//
// ws_publish and ws_server_broadcast check a message and encode it once, and once more compressed
// for each window that recipients agreed on, into a buffer that its recipients count; the memory
// budget counts it once, and who uses the most is found by each one's part of it. The call holds
// the lock of the server's topics, so that all get two messages in one order. For each recipient
// it claims the bytes in the block and adds a reference to the queue; it writes to no socket. Who
// has nothing else to send, as nearly all, gets no queue of its own for that but one that lies in
// the frame and is everybody's (shared.common), until something follows before the loop has written
// it. So the order of returned calls is the order on the wire, also beside ws_send: behind what a
// callback has corked, and before what is sent next. The connection stands on the list of its
// loop, which writes each queue once, when a batch ends or a post comes: a burst of messages is
// one system call for each recipient. queue.fanned says that this is about to happen, so nobody
// asks the poller for room meanwhile. Who has 16 chunks in its queue copies small frames, so that
// the list of what waits for a slow peer stays smaller than that; queues are recycled, so a
// recipient costs no garbage. A connection without room does not get the message
// (messages_dropped), and a drain event follows. Over TLS and with another full policy the
// message goes the way of ws_send during the call. In the middle of a message in pieces it waits
// whole for the last one, bounded by max_buffered. Subscriptions are places in the list of a
// topic, found by connection and topic, linked by connection, and removed at its end; what a
// connection has of them is in rare.
//
// Patterns by levels are topics as well, in a tree instead of a map. While a server has any, each
// message walks through the levels that it fits, and recipients of several lists are put into
// one, each once (member.round). Without patterns nothing is looked at but that there are none. A
// level is looked up in about 40 ns, so a topic of five levels beside 100,000 patterns is found in
// 0.2 us instead of 0.02; the latest topics are remembered with what they fit, and found in 0.03
// (package topics). The levels of patterns count in the memory budget: a name of 255 bytes
// may have 128, and a topic takes 256 bytes at the most.
//
// The host is notified when a topic or pattern gets its first member and loses its last, if it asks
// for that. The home loop records it. As long as it has not, or there is no memory for a record,
// the topic stands in a list, which it leaves when what the host knows is so again.
//
// # Relays
//
// A server without a relay pays one look at a pointer for each message that is published. With one
// the message gets its room in the relay's queue before anybody gets it (relay.Queue.Leaves, a copy in
// memory of the pool), because it may have to be refused, and its place under the lock of the topics,
// in the order that subscribers have (Goes). Interests are in the same line; of a topic one waits at the
// most, and the opposite of one that waits takes it away, so that a relay which stands still costs
// no more than the topics that there are and those that it knows. A thread of C takes what is first
// (Relay.Next) and calls the host without any lock, outside of Go.
//
// What is handed in goes the way of what is published, without that step: it cannot go round. The
// end: nothing gets room any more, the rest drains until its time is over, the server has place for
// another one (Relay.leaves), the host gets its last call, and settle goes on, which does not end a stop
// or the server before (Server.relays).
//
// # TLS
//
// TLS is crypto/tls over an adapter that never blocks. On epoll the handshake of a server that takes
// no long time runs on the loop, in a coroutine that gives up its turn where the socket is empty, or
// full; eight steps in a turn at most. Any other runs on a short goroutine
// over a connection that waits, made of the same descriptor, and gives its token to others while it reads or writes; then the
// descriptor moves to the loop. Behind the handshake, reading says "later" by an error that crypto/tls does not
// remember, and goes on until it does, because epoll knows nothing of bytes inside crypto/tls;
// writing only appends to the connection's queue. What crypto/tls reads into is a buffer of the
// worker, lent for the round: its own would stay as long as the longest record until the end, and
// it has no call to give that back, so they are taken out of its fields, found by name and type.
// A part of a record that is left waits in a pool buffer. Lock order: secure.out, then Conn.mu;
// nothing calls crypto/tls with Conn.mu held. The end: Close frame, close_notify, half-close,
// drain. A server's handshakes share one dial.TLSServer, which holds the certificates, chosen by
// SNI and replaced as a whole, and the keys of session tickets. A ticket is good for the name
// that it was made for and as long as the server runs. A handshake that failed is half-closed and
// drained, so that the peer can read the alert. Whether a certificate is good,
// and signatures by a key that only it has, a host may be asked (tls_questions.go): by an event
// with a token, of the client or of the server. The goroutine waits without holding a token of
// those that compute, as long as the handshake may last; the end of its connection ends that.
//
// # Memory and limits
//
// One meter, in C memory, counts pool buffers, messages in queues, large frames in an outbox,
// parts of TLS records and what compression keeps. Above 7/8 of the budget memory is short:
// connections that use some and would take more are parked (not read) until use has sunk to 3/4;
// one of them, elected, goes on up to the budget, then the next; a queue's stream is read again
// when it is empty. Over the budget sends are refused, and a message that has to grow ends the
// connection that uses the most of all loops with 1013 (another loop is asked by post; output
// that nobody reads is dropped at once). Who is in want for 3 s while use does not sink by 1/64
// ends those that use the most until use is at 3/4. Use may exceed the budget by an eighth (bytes
// already read, small sends), and by one message per loop or sending thread that is being copied.
// Each loop has about 0.6 MiB besides, and a TLS connection about 7 KiB of state. Of unused
// buffers the pool keeps four of each power of two from 64 KiB to 1 MiB, or 8 MiB of them, and of
// larger ones 8 MiB, or an eighth of the budget up to 64 MiB; what nobody has needed for 1 to 2 s goes back to the system, more than 2 MiB by a
// goroutine. Maps that any number passes through shrink, and when much of the Go heap has become
// free, and no more of it for a second, it is collected and given back, too. Connections stay
// below the soft descriptor limit less 256; beyond it a client gets 503 and ws_connect fails.
// ws_stats_get shows the figures.
//
// A server's own limits are counted when a connection comes and when its socket is closed;
// upgrade requests when their head is whole, by a bucket of tokens per address. Who is refused is
// let in as far as it takes to answer, TLS included: its answer follows its request, or 5 s of
// silence, and it is drained, so that no reset destroys it. That takes descriptors, so it goes
// for 64 at once of all servers; others are answered before their request and closed, over TLS
// closed only. Addresses without a connection are remembered for a minute, 16384 of them.
//
// # Figures and the log
//
// A server has a shard for each loop, an accepted connection nothing. What is read, and what
// callbacks cork, is counted in plain memory of the loop; once a batch, before its callbacks run,
// the loop adds it to the atomics that others read. Corked messages are counted when the outbox
// leaves: the head of a segment says how many begin in it and how long their headers are. Other
// sends add to the atomics at once. What waits to be sent is summed up when somebody asks. How
// busy loops are is asked of the system, as CPU time of their threads; a clock in each round
// would cost more than all the counting.
//
// Each level has its own measure of lines a second, so that a flood of one hides nothing of
// another. What is left out is said by the first loop a second later, or by ws_shutdown_wait.
// What a peer can cause by itself is never above LogInfo, but for defects of ours and memory that
// has run out.
//
// # Compression
//
// Off unless both ends ask for it. A connection that has agreed owns an encoder and a decoder,
// which are small: compressors (200 KB, those of klauspost/compress for high levels 1 MB) and
// inflaters (10 KB) are pooled, and only with context takeover the last bytes of each direction
// are kept, and an index of those that were sent, in buffers of the loops' pool. core/deflate/inflate.go
// is our own because it stops where the input
// stops: the parser gives pieces (wire.Packed), Conn.unpack inflates them into the message's
// buffer, checks text and limits piece by piece, and knows nothing of frames.
//
// A few bytes may inflate to a thousand times as many. So a connection inflates 64 KiB at once,
// and all whose sockets are looked at in a turn of the loop 128 KiB: what was read and is not
// handled waits in a buffer of the pool, nothing more is read of the connection, and it goes on
// behind the others, by a post, which a turn runs 2 ms of. Order, pause and ends know nothing of
// it.
//
// Sending enters Go always (border.OutFast is clear). Without takeover messages are compressed
// outside of any lock. With it compression.mu is held from the look at the history until the
// frame has its place, so that the order on the wire is the order of compressing; the history
// changes only when the frame was accepted. What would have to wait whole goes uncompressed,
// because it may leave on another connection.
//
// What is published refers to nothing before it, so one compressed frame is good for all with the
// same window. With takeover the client remembers it and our encoder does not: compression.others
// counts such messages under Conn.mu, when they get their place. The next message of sendPacked
// then begins without a history, and one that was compressed from a history that is outdated by
// the time it gets its place is compressed again without. So publishing never takes
// compression.mu, behind which somebody may be compressing, and copies nothing for each
// connection; the price is that a connection gains little by takeover when most of what it gets
// is published. A published message in the middle of pieces waits compressed, and is counted when
// the last piece has gone; one behind what may be dropped waits compressed as well: until it has
// left no other one is compressed.
//
// A message in pieces is compressed as a whole or not at all: the first piece decides, and goes
// uncompressed with all others when it has min_size bytes and does not shrink. Each piece is
// flushed; the last one loses its tail. Noise in later pieces goes as stored blocks, so that a
// piece takes 5 bytes for each 64 KiB more than it has, and 1 at the end, at the most. Pieces
// refer to each other with takeover only, by the history of the connection; without, each is
// compressed alone, and nothing is kept between the calls. Later pieces may wait whole as others
// do: they never leave on another connection than the first.
//
// Memory: a connection with takeover keeps up to a window for each direction, no more than it has
// exchanged, as much again, up to 16 KiB, as the index of what it sent, and nothing else. Resident memory of
// echo_server for each connection after one JSON message of 40,000 bytes each way: 85 KB with
// windows of 15 bits, 14 KB with 12, 5 KB with 10, 2 KB without takeover; 1 KB after 64 bytes. All of it is in the budget, and so is the inflater (7
// KB) of an incomplete message, until it is whole. A compressor is out for one call only, so
// there are as many as threads send at the same time; spare ones belong to the garbage collector
// and are not counted. What an encoder remembers may be dropped at any time: the peer remembers
// more than we refer to. So it is, above 7/8 of the budget, before anybody ends; the next message
// is larger for it. What a decoder remembers it must keep: its connection counts among those that
// use memory, and ends with 1013 when it uses the most. Who connects while memory is short gets
// no takeover.
//
// # Panics
//
// A panic of our own code is caught: where a loop, a goroutine or a call of the host begins. It
// ends the connection that was at work, with an error event, and nothing else. So every lock is
// given back by defer, in the statement behind that which takes it, or by take where a function
// gives it back in its middle; a test reads all code for it. What is damaged may panic again when
// its connection ends: it is left behind then. Panics that were caught are counted, and fail
// every test that did not ask for them.
package core
