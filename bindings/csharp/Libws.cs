// SPDX-License-Identifier: Apache-2.0
//
// libws for C#: clients and servers. With Libws.Native.cs, which is generated, this is all there is.
// A Context is a thread on which handlers run, one after the other; what they throw goes to Context.Uncaught,
// or ends the process as an exception of a thread does. docs/languages/csharp.md has the rest.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Libws
{
    /// <summary>A call that failed, or an attempt: the message says what was tried, with what, and why it failed.</summary>
    public sealed class WsException : Exception
    {
        public int Code { get; }
        public int Stage { get; }
        public int Status { get; }
        public int OsError { get; }
        public string Name => Texts.Of(Native.ws_error_name(Code));
        public string StageName => Texts.Of(Native.ws_stage_name(Stage));

        internal WsException(int code, string text, int stage = 0, int status = 0, int osError = 0)
            : base(text.Length > 0 ? text : Texts.Of(Native.ws_strerror(code)))
        {
            Code = code;
            Stage = stage;
            Status = status;
            OsError = osError;
        }

        /// <summary>Of the call of this thread that has just failed.</summary>
        internal static WsException OfCall(int code) => new WsException(code, Texts.Of(Native.ws_last_error()));

        internal static void Check(int status)
        {
            if (status != Ws.WS_OK) throw OfCall(status);
        }
    }

    internal static class Texts
    {
        internal static string Of(IntPtr text)
        {
            if (text == IntPtr.Zero) return "";
            int n = 0;
            while (Marshal.ReadByte(text, n) != 0) n++;
            return Encoding.UTF8.GetString(Bytes(text, n));
        }

        internal static byte[] Bytes(IntPtr from, int size)
        {
            var copy = new byte[size];
            if (size > 0) Marshal.Copy(from, copy, 0, size);
            return copy;
        }
    }

    public abstract class Options
    {
        internal abstract int SizeOf { get; }
        internal abstract void Write(CallMemory memory, IntPtr at);
    }

    /// <summary>Memory of C that lives as long as one call.</summary>
    internal sealed class CallMemory : IDisposable
    {
        private readonly List<IntPtr> blocks = new List<IntPtr>();

        internal IntPtr Zeroed(int size)
        {
            IntPtr at = Marshal.AllocHGlobal(Math.Max(size, 1));
            blocks.Add(at);
            Marshal.Copy(new byte[size], 0, at, size);
            return at;
        }

        internal IntPtr Bytes(byte[] bytes)
        {
            if (bytes == null) return IntPtr.Zero;
            IntPtr at = Zeroed(bytes.Length);
            Marshal.Copy(bytes, 0, at, bytes.Length);
            return at;
        }

        internal IntPtr Text(string text)
        {
            if (text == null) return IntPtr.Zero;
            if (text.IndexOf('\0') >= 0) throw new ArgumentException("a text has a NUL character in it");
            return Bytes(Encoding.UTF8.GetBytes(text + "\0"));
        }

        internal IntPtr Struct(Options options)
        {
            if (options == null) return IntPtr.Zero;
            IntPtr at = Zeroed(options.SizeOf);
            options.Write(this, at);
            return at;
        }

        internal IntPtr Structs(Options[] options)
        {
            if (options == null || options.Length == 0) return IntPtr.Zero;
            IntPtr at = Zeroed(options.Length * options[0].SizeOf);
            for (int i = 0; i < options.Length; i++) options[i].Write(this, at + i * options[i].SizeOf);
            return at;
        }

        internal IntPtr Ints(int[] values)
        {
            if (values == null || values.Length == 0) return IntPtr.Zero;
            IntPtr at = Zeroed(4 * values.Length);
            Marshal.Copy(values, 0, at, values.Length);
            return at;
        }

        internal IntPtr Fields(List<KeyValuePair<string, string>> fields)
        {
            if (fields == null || fields.Count == 0) return IntPtr.Zero;
            IntPtr at = Zeroed(16 * fields.Count);
            for (int i = 0; i < fields.Count; i++)
            {
                Marshal.WriteIntPtr(at + 16 * i, Text(fields[i].Key));
                Marshal.WriteIntPtr(at + 16 * i + 8, Text(fields[i].Value));
            }
            return at;
        }

        public void Dispose()
        {
            foreach (IntPtr at in blocks) Marshal.FreeHGlobal(at);
            blocks.Clear();
        }
    }

    /// <summary>What happened. It is valid inside the handler, on its thread; what it returns may be kept.</summary>
    public sealed class WsEvent
    {
        private readonly NativeEvent e;
        private readonly Context context;
        private bool over;

        internal WsEvent(Context context, IntPtr at)
        {
            this.context = context;
            e = (NativeEvent)Marshal.PtrToStructure(at, typeof(NativeEvent));
        }

        internal void End() => over = true;

        private IntPtr Valid(IntPtr pointer)
        {
            if (over || !context.IsCurrent) throw new InvalidOperationException("the event is over: take what you need inside the handler, on its thread");
            return pointer;
        }

        internal ulong Handle => e.handle;
        internal ulong ServerHandle => e.server;
        internal long Ticket => e.user_data.ToInt64();
        public int Type => e.type;
        public bool IsText => e.message_type == Ws.WS_TEXT;
        public byte[] Data => Texts.Bytes(Valid(e.data), (int)e.size);
        /// <summary>The payload as text.</summary>
        public string Message => Encoding.UTF8.GetString(Data);
        public int Status => e.status;
        public int Code => e.code;
        public bool Clean => e.clean != 0;
        public string Reason => Texts.Of(Valid(e.reason));
        public string Text => Texts.Of(Valid(e.text));
        public int Error => e.error;
        public int Stage => e.stage;
        public string Protocol => Texts.Of(Valid(e.protocol));
        public string Target => Texts.Of(Valid(e.target));
        public string Method => Texts.Of(Valid(e.method));
        public byte[] Body => Texts.Bytes(Valid(e.body), (int)e.body_size);
        public long RoundTripUs => e.round_trip_us;
        public long DelayMs => e.delay_ms;
        public int Attempt => e.attempt;
        public bool WillReconnect => e.will_reconnect != 0;
        public int Part => e.part;
        public long Token => (long)e.token;
        /// <summary>The client or accepted connection it is about; null for an event of a server itself.</summary>
        public Connection Connection { get; internal set; }
        public Server Server { get; internal set; }
        public WsException Failure => e.error == Ws.WS_OK ? null : new WsException(e.error, Text, e.stage, e.status, e.os_error);
    }

    /// <summary>A thread on which the handlers of its clients and servers run; a background thread.</summary>
    public sealed class Context : IDisposable
    {
        private const int Capacity = 64;
        private static readonly Lazy<Context> shared = new Lazy<Context>(() => new Context());
        private readonly Thread thread;
        private readonly ConcurrentDictionary<ulong, WeakReference<Endpoint>> endpoints = new ConcurrentDictionary<ulong, WeakReference<Endpoint>>();
        private readonly ConcurrentDictionary<ulong, Endpoint> kept = new ConcurrentDictionary<ulong, Endpoint>(); // connected, listening or accepted
        private readonly ConcurrentDictionary<long, Action<WsEvent>> completions = new ConcurrentDictionary<long, Action<WsEvent>>();
        private long tickets;
        private volatile bool ending, exiting;
        internal readonly ulong Queue;

        /// <summary>Gets what handlers throw. Without it the exception ends the process, as any of a thread does.</summary>
        public Action<Exception> Uncaught { get; set; }
        public static Context Shared => shared.Value;
        public bool IsCurrent => Thread.CurrentThread == thread;

        public Context(QueueOptions options = null)
        {
            using (var memory = new CallMemory())
            {
                IntPtr at = memory.Struct(options ?? new QueueOptions());
                Marshal.WriteInt32(at + 4, Marshal.ReadInt32(at + 4) | Ws.WS_QUEUE_GATHER);
                Queue = Native.ws_queue_create(at);
                if (Queue == 0) throw WsException.OfCall(Ws.WS_ERR_UNKNOWN);
            }
            // Mono waits at its end for threads that are in C.
            AppDomain.CurrentDomain.ProcessExit += (sender, arguments) => { exiting = true; Native.ws_queue_wake(Queue); };
            thread = new Thread(Run) { IsBackground = true, Name = "libws" };
            thread.Start();
        }

        internal void Enter(ulong handle, Endpoint endpoint) => endpoints[handle] = new WeakReference<Endpoint>(endpoint);
        internal void Keep(ulong handle, Endpoint endpoint) => kept[handle] = endpoint;
        internal void Release(ulong handle) => kept.TryRemove(handle, out _);

        /// <summary>begin gets the number of its completion and returns a status.</summary>
        internal Task<T> Completes<T>(T value, Func<IntPtr, int> begin)
        {
            // What follows an await must not keep the context's thread, which it may wait for.
            var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            long ticket = Interlocked.Increment(ref tickets);
            completions[ticket] = e =>
            {
                if (e.Failure == null) done.TrySetResult(value);
                else done.TrySetException(e.Failure);
            };
            int status = begin(new IntPtr(ticket));
            if (status == Ws.WS_OK) return done.Task;
            done.TrySetException(WsException.OfCall(status));
            completions.TryRemove(ticket, out _);
            return done.Task;
        }

        private Endpoint Find(ulong handle) =>
            endpoints.TryGetValue(handle, out var weak) && weak.TryGetTarget(out var found) ? found : null;

        private void Run()
        {
            int size = Marshal.SizeOf(typeof(NativeEvent));
            IntPtr events = Marshal.AllocHGlobal(size * Capacity), count = Marshal.AllocHGlobal(8);
            while (!exiting && !(ending && endpoints.IsEmpty && Native.ws_queue_destroy(Queue) != Ws.WS_ERR_BUSY))
            {
                Marshal.WriteInt32(events, size);
                int status = Native.ws_queue_poll(Queue, events, (UIntPtr)Capacity, -1, count);
                if (status == Ws.WS_ERR_MEMORY) { Thread.Yield(); continue; }
                if (status != Ws.WS_OK) break; // the library was shut down
                for (long i = 0, n = Marshal.ReadInt64(count); i < n; i++)
                {
                    var e = new WsEvent(this, events + (int)i * size);
                    Deliver(e);
                    e.End();
                }
            }
            Marshal.FreeHGlobal(events);
            Marshal.FreeHGlobal(count);
        }

        private void Deliver(WsEvent e)
        {
            if (e.Type == Ws.WS_EVENT_COMPLETION)
            {
                if (completions.TryRemove(e.Ticket, out var done)) Call(() => done(e));
                return;
            }
            Endpoint own = Find(e.Handle);
            if (e.ServerHandle != 0 && own == null)
            {
                own = new Connection(this, e.Handle); // before connect, as in an upgrade, nobody remembers it
                if (e.Type == Ws.WS_EVENT_CONNECT) { Enter(e.Handle, own); Keep(e.Handle, own); }
            }
            e.Connection = own as Connection;
            e.Server = (e.ServerHandle != 0 ? Find(e.ServerHandle) : own) as Server;
            if (e.Type == Ws.WS_EVENT_CLOSE && !e.WillReconnect) Release(e.Handle);
            if (own != null) Call(() => own.Tell(e.Type == Ws.WS_EVENT_MESSAGE_RECEIVE ? Ws.WS_EVENT_MESSAGE : e.Type, e));
            if (e.ServerHandle != 0 && e.Server != null && e.Type != Ws.WS_EVENT_DESTROYED && e.Server != own) Call(() => e.Server.Tell(e.Type, e));
            if (e.Type == Ws.WS_EVENT_DESTROYED || e.Type == Ws.WS_EVENT_CLOSE && e.ServerHandle != 0)
            {
                endpoints.TryRemove(e.Handle, out _);
                Release(e.Handle);
                own?.Destroyed.TrySetResult(true);
            }
        }

        private void Call(Action what)
        {
            try { what(); }
            catch (Exception thrown) when (Uncaught != null) { Uncaught(thrown); }
        }

        /// <summary>Ends its clients and servers at once, and waits for its thread, unless this is that thread.</summary>
        public void Dispose()
        {
            foreach (var weak in endpoints.Values)
                if (weak.TryGetTarget(out var endpoint)) endpoint.Destroy();
            ending = true;
            Native.ws_queue_wake(Queue);
            if (!IsCurrent) thread.Join();
        }
    }

    /// <summary>What clients, accepted connections and servers have in common.</summary>
    public abstract class Endpoint : IDisposable
    {
        private readonly ConcurrentDictionary<int, Action<WsEvent>> handlers = new ConcurrentDictionary<int, Action<WsEvent>>();
        private int ended;
        internal readonly Context Context;
        internal readonly ulong Handle;
        internal readonly TaskCompletionSource<bool> Destroyed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Endpoint(Context context, ulong handle)
        {
            Context = context;
            Handle = handle;
        }

        /// <summary>Adds a handler for a type of event, Ws.WS_EVENT_; the events below are this.</summary>
        public void On(int type, Action<WsEvent> handler) => handlers.AddOrUpdate(type, handler, (_, old) => old + handler);
        public void Off(int type, Action<WsEvent> handler) => handlers.AddOrUpdate(type, (Action<WsEvent>)null, (_, old) => old - handler);

        internal void Tell(int type, WsEvent e)
        {
            if (handlers.TryGetValue(type, out var handler)) handler?.Invoke(e);
        }

        public event Action<WsEvent> Closed { add => On(Ws.WS_EVENT_CLOSE, value); remove => Off(Ws.WS_EVENT_CLOSE, value); }
        public event Action<WsEvent> Failed { add => On(Ws.WS_EVENT_ERROR, value); remove => Off(Ws.WS_EVENT_ERROR, value); }
        public event Action<WsEvent> Drained { add => On(Ws.WS_EVENT_DRAIN, value); remove => Off(Ws.WS_EVENT_DRAIN, value); }

        internal abstract void DestroyHandle();

        /// <summary>Ends it at once; what follows is told.</summary>
        public void Destroy()
        {
            if (Interlocked.Exchange(ref ended, 1) == 0) DestroyHandle();
        }

        /// <summary>Ends it politely, and waits, but not inside a handler.</summary>
        public abstract void Dispose();

        private protected void Wait()
        {
            if (!Context.IsCurrent) Destroyed.Task.Wait();
        }
    }

    /// <summary>A client or an accepted connection. All methods may be called on any thread.</summary>
    public class Connection : Endpoint
    {
        internal Connection(Context context, ulong handle) : base(context, handle) { }

        public event Action<WsEvent> Received { add => On(Ws.WS_EVENT_MESSAGE, value); remove => Off(Ws.WS_EVENT_MESSAGE, value); }

        private int Begin(byte[] data, int type, SendOptions options, IntPtr ticket)
        {
            IntPtr done = ticket == IntPtr.Zero ? IntPtr.Zero : (IntPtr)Ws.WS_COMPLETION_POLL;
            var size = (UIntPtr)(uint)data.Length;
            var pinned = GCHandle.Alloc(data, GCHandleType.Pinned);
            try
            {
                if (options == null) return Native.ws_send(Handle, pinned.AddrOfPinnedObject(), size, type, done, ticket);
                using (var memory = new CallMemory())
                    return Native.ws_send_with(Handle, pinned.AddrOfPinnedObject(), size, type, memory.Struct(options), done, ticket);
            }
            finally { pinned.Free(); }
        }

        /// <summary>It is copied or sent when the call returns; WS_ERR_FULL when too much waits. With a key it replaces the message
        /// with that key which still waits, with a priority it goes before those with a lower one.</summary>
        public void Send(string text, SendOptions options = null) => WsException.Check(Begin(Encoding.UTF8.GetBytes(text), Ws.WS_TEXT, options, IntPtr.Zero));
        public void Send(byte[] data, SendOptions options = null) => WsException.Check(Begin(data, Ws.WS_BINARY, options, IntPtr.Zero));
        /// <summary>Completes when the system has the whole message; fails with WS_ERR_REPLACED when a newer one with its key came before.</summary>
        public Task SendAsync(string text, SendOptions options = null) => Context.Completes(true, t => Begin(Encoding.UTF8.GetBytes(text), Ws.WS_TEXT, options, t));
        public Task SendAsync(byte[] data, SendOptions options = null) => Context.Completes(true, t => Begin(data, Ws.WS_BINARY, options, t));

        /// <summary>The closing handshake; completes when it is over.</summary>
        public Task CloseAsync(CloseOptions options = null) => Context.Completes(true, t =>
        {
            using (var memory = new CallMemory()) return Native.ws_close(Handle, memory.Struct(options), (IntPtr)Ws.WS_COMPLETION_POLL, t);
        });

        public Task CloseAsync(int code, string reason) => CloseAsync(new CloseOptions { Code = code, Reason = reason });
        public void Abort() => WsException.Check(Native.ws_abort(Handle));
        public void Pause() => WsException.Check(Native.ws_pause(Handle));
        public void Resume() => WsException.Check(Native.ws_resume(Handle));

        /// <summary>Agrees to an upgrade.</summary>
        public void Accept(AcceptOptions options = null)
        {
            using (var memory = new CallMemory()) WsException.Check(Native.ws_accept(Handle, memory.Struct(options)));
        }

        /// <summary>Answers a request, or refuses an upgrade.</summary>
        public void Respond(Response response)
        {
            using (var memory = new CallMemory()) WsException.Check(Native.ws_respond(Handle, memory.Struct(response)));
        }

        public void Subscribe(string topic)
        {
            byte[] name = Encoding.UTF8.GetBytes(topic);
            using (var memory = new CallMemory()) WsException.Check(Native.ws_subscribe(Handle, memory.Bytes(name), (UIntPtr)(uint)name.Length));
        }

        internal override void DestroyHandle() => Native.ws_destroy(Handle);

        public override void Dispose()
        {
            GC.SuppressFinalize(this);
            CloseAsync().ContinueWith(t => { var seen = t.Exception; Destroy(); }, TaskContinuationOptions.ExecuteSynchronously);
            Wait();
        }
    }

    /// <summary>One connection at a time. While it connects or is connected it is kept, though nobody has it; else the collector ends it.</summary>
    public sealed class Client : Connection
    {
        public Client(CreateOptions options = null, Context context = null) : this(context ?? Context.Shared, options) { }

        private Client(Context context, CreateOptions options) : base(context, Create(context, options)) => context.Enter(Handle, this);

        private static ulong Create(Context context, CreateOptions options)
        {
            using (var memory = new CallMemory())
            {
                IntPtr at = memory.Struct(options ?? new CreateOptions());
                Marshal.WriteInt64(at + CreateOptions.QueueAt, (long)context.Queue);
                ulong handle = Native.ws_create(at);
                return handle != 0 ? handle : throw WsException.OfCall(Ws.WS_ERR_PARAMETER);
            }
        }

        ~Client() => Destroy();

        public event Action<WsEvent> Opened { add => On(Ws.WS_EVENT_OPEN, value); remove => Off(Ws.WS_EVENT_OPEN, value); }
        public event Action<WsEvent> Reconnecting { add => On(Ws.WS_EVENT_RECONNECTING, value); remove => Off(Ws.WS_EVENT_RECONNECTING, value); }

        /// <summary>Completes when the connection is open, before Opened.</summary>
        public Task<Client> ConnectAsync(string url, ConnectOptions options = null)
        {
            Task<Client> opened = Context.Completes(this, t =>
            {
                using (var memory = new CallMemory())
                {
                    int status = Native.ws_connect(Handle, memory.Text(url), memory.Struct(options), (IntPtr)Ws.WS_COMPLETION_POLL, t);
                    if (status == Ws.WS_OK) Context.Keep(Handle, this);
                    return status;
                }
            });
            opened.ContinueWith(t => Context.Release(Handle), TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
            return opened;
        }
    }

    /// <summary>A server; each connection that it accepts comes with Connected.</summary>
    public sealed class Server : Endpoint
    {
        public Server(ServerOptions options = null, Context context = null) : this(context ?? Context.Shared, options) { }

        private Server(Context context, ServerOptions options) : base(context, Create(context, options)) => context.Enter(Handle, this);

        private static ulong Create(Context context, ServerOptions options)
        {
            using (var memory = new CallMemory())
            {
                IntPtr at = memory.Struct(options ?? new ServerOptions());
                Marshal.WriteInt64(at + ServerOptions.QueueAt, (long)context.Queue);
                ulong handle = Native.ws_server_create(at);
                return handle != 0 ? handle : throw WsException.OfCall(Ws.WS_ERR_PARAMETER);
            }
        }

        ~Server() => Destroy();

        public event Action<WsEvent> Connected { add => On(Ws.WS_EVENT_CONNECT, value); remove => Off(Ws.WS_EVENT_CONNECT, value); }
        public event Action<WsEvent> Received { add => On(Ws.WS_EVENT_MESSAGE_RECEIVE, value); remove => Off(Ws.WS_EVENT_MESSAGE_RECEIVE, value); }

        /// <summary>The port is bound when the call returns; completes when connections are accepted.</summary>
        public Task<Server> StartAsync(ServerConfig config = null) => Context.Completes(this, t =>
        {
            using (var memory = new CallMemory())
            {
                int status = Native.ws_server_start(Handle, memory.Struct(config), (IntPtr)Ws.WS_COMPLETION_POLL, t);
                if (status == Ws.WS_OK) Context.Keep(Handle, this);
                return status;
            }
        });

        public Task StopAsync(CloseOptions options = null) => Context.Completes(true, t =>
        {
            using (var memory = new CallMemory()) return Native.ws_server_stop(Handle, memory.Struct(options), (IntPtr)Ws.WS_COMPLETION_POLL, t);
        });

        public int Port
        {
            get
            {
                using (var memory = new CallMemory())
                {
                    IntPtr at = memory.Zeroed(4);
                    WsException.Check(Native.ws_server_port(Handle, at));
                    return Marshal.ReadInt32(at);
                }
            }
        }

        /// <summary>To all that have subscribed to topic, but for one; says how many took it.</summary>
        public long Publish(string topic, string text, Connection except = null, SendOptions options = null)
        {
            byte[] name = Encoding.UTF8.GetBytes(topic), data = Encoding.UTF8.GetBytes(text);
            using (var memory = new CallMemory())
            {
                IntPtr taken = memory.Zeroed(8);
                WsException.Check(Native.ws_publish_with(Handle, memory.Bytes(name), (UIntPtr)(uint)name.Length, memory.Bytes(data),
                    (UIntPtr)(uint)data.Length, Ws.WS_TEXT, except?.Handle ?? 0, memory.Struct(options), taken));
                return Marshal.ReadInt64(taken);
            }
        }

        internal override void DestroyHandle() => Native.ws_server_destroy(Handle);

        public override void Dispose()
        {
            GC.SuppressFinalize(this);
            StopAsync().ContinueWith(t => { var seen = t.Exception; Destroy(); }, TaskContinuationOptions.ExecuteSynchronously);
            Wait();
        }
    }
}
