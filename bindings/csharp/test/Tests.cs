// SPDX-License-Identifier: Apache-2.0
//
// What bindings/csharp promises: Tests.exe. Status 0 when all of it holds.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Libws;

static class Tests
{
    const int Deadline = 120000;

    static void Check(bool good, string what)
    {
        if (!good) throw new Exception(what);
    }

    static T Await<T>(Task<T> task)
    {
        Check(task.Wait(Deadline), "not in time");
        return task.Result;
    }

    static Server Echo(Context context)
    {
        var server = new Server(context: context);
        server.Received += e => { if (e.IsText) e.Connection.Send(e.Message); else e.Connection.Send(e.Data); };
        return Await(server.StartAsync(new ServerConfig { ServerIp = "127.0.0.1" }));
    }

    static string Url(Server server) => $"ws://127.0.0.1:{server.Port}/";

    static void MessagesComeBackInOrder()
    {
        using (var context = new Context())
        using (var server = Echo(context))
        using (var client = new Client(context: context))
        {
            var sizes = new[] { 0, 1, 125, 126, 65535, 65536, 1 << 20 };
            var back = new List<byte[]>();
            var all = new TaskCompletionSource<bool>();
            client.Received += e => { back.Add(e.Data); if (back.Count == 2 * sizes.Length) all.TrySetResult(true); };
            Await(client.ConnectAsync(Url(server)));
            foreach (int n in sizes)
            {
                client.Send(Enumerable.Range(0, n).Select(i => (byte)(i * 31 >> 3)).ToArray());
                client.Send(new string('ü', n));
            }
            Await(all.Task);
            for (int i = 0; i < sizes.Length; i++)
            {
                Check(back[2 * i].SequenceEqual(Enumerable.Range(0, sizes[i]).Select(n => (byte)(n * 31 >> 3))), $"binary of {sizes[i]}");
                Check(System.Text.Encoding.UTF8.GetString(back[2 * i + 1]) == new string('ü', sizes[i]), $"text of {sizes[i]}");
            }
        }
    }

    static void AFailureSaysWhereAndWhy()
    {
        var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        int port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        using (var client = new Client())
        {
            try
            {
                client.ConnectAsync($"ws://127.0.0.1:{port}/").Wait(Deadline);
                Check(false, "connected");
            }
            catch (AggregateException all)
            {
                var e = (WsException)all.InnerException;
                Check(e.Code == Ws.WS_ERR_CONNECT_FAILED && e.Name == "WS_ERR_CONNECT_FAILED", e.Name);
                Check(e.StageName == "WS_STAGE_CONNECT" && e.OsError > 0 && e.Message.Contains($"127.0.0.1:{port}"), e.Message);
            }
        }
        foreach (var wrong in new Dictionary<string, Action> {
            { "max_message_size", () => new Client(new CreateOptions { MaxMessageSize = -5 }) },
            { "max_send_frame", () => new Client(new CreateOptions { MaxSendFrame = 5 }) },
            { "max_subscriptions", () => new Server(new ServerOptions { MaxSubscriptions = -5 }) },
            { "max_bytes", () => new Context(new QueueOptions { MaxBytes = -5 }) },
            { "max_head_size", () => Start(new ServerConfig { MaxHeadSize = 3 }) },
            { "listener", () => Start(new ServerConfig { Listeners = new[] { new ListenAt { Port = 70000 } } }) },
            { "window_bits_out", () => Connect(new ConnectOptions { Compression = new Compression { WindowBitsOut = 99 } }) },
            { "final_codes", () => Connect(new ConnectOptions { Reconnect = new ReconnectOptions { FinalCodes = new[] { 1000, 7 } } }) },
            { "max_answer_head", () => Connect(new ConnectOptions { MaxAnswerHead = 3 }) },
            { "header", () => Connect(new ConnectOptions { Headers = new List<KeyValuePair<string, string>> { new KeyValuePair<string, string>("not good", "x") } }) }})
        {
            Exception found = null;
            try { wrong.Value(); } catch (Exception e) { found = e is AggregateException a ? a.InnerException : e; }
            Check(found is WsException w && w.Message.Contains(wrong.Key.TrimEnd('s')), $"{wrong.Key}: {found?.Message}");
        }
    }

    static void Start(ServerConfig config)
    {
        using (var server = new Server()) server.StartAsync(config).Wait(Deadline);
    }

    static void Connect(ConnectOptions options)
    {
        using (var client = new Client()) client.ConnectAsync("ws://127.0.0.1:1/", options).Wait(Deadline);
    }

    /// Every member of every option struct is a property, but for those that the binding fills in itself.
    static void NoOptionIsForgotten(string members)
    {
        int count = 0;
        foreach (string line in System.IO.File.ReadAllLines(members))
        {
            string[] parts = line.Split(' ');
            string name = char.ToUpper(parts[1][0]) + parts[1].Substring(1);
            if (new[] { "Queue", "UserData", "Log", "LogUserData" }.Contains(name)) continue;
            Type type = typeof(Options).Assembly.GetType("Libws." + parts[0]);
            Check(type?.GetProperty(name) != null, $"{line} has no property");
            count++;
        }
        Check(count > 150, $"{count} members");
    }

    static void AnExceptionOfAHandlerIsTold()
    {
        var thrown = new List<Exception>();
        using (var context = new Context { Uncaught = e => { lock (thrown) thrown.Add(e); } })
        using (var server = Echo(context))
        using (var client = new Client(context: context))
        {
            var over = new TaskCompletionSource<WsEvent>();
            client.Received += e =>
            {
                if (e.Message == "null") { string nothing = null; nothing.Trim(); }
                over.TrySetResult(e);
            };
            Await(client.ConnectAsync(Url(server)));
            client.Send("null");
            client.Send("end");
            WsEvent kept = Await(over.Task);
            Check(thrown.Count == 1 && thrown[0] is NullReferenceException, $"{thrown.Count} exceptions");
            Thread.Sleep(0);
            try { var _ = kept.Message; Check(false, "an event outlived its handler"); } catch (InvalidOperationException) { }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Forget()
    {
        for (int i = 0; i < 200; i++) new Client();
    }

    static void TheCollectorEndsForgottenClients()
    {
        int before = Endpoints(Context.Shared);
        var thread = new Thread(Forget); // on a stack that is gone afterwards: mono's scan is conservative
        thread.Start();
        thread.Join();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (Endpoints(Context.Shared) > before + 20 && watch.ElapsedMilliseconds < Deadline)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(5);
        }
        Check(Endpoints(Context.Shared) <= before + 20, $"{Endpoints(Context.Shared)} clients are left");
    }

    static int Endpoints(Context context) => ((System.Collections.ICollection)typeof(Context)
        .GetField("endpoints", BindingFlags.NonPublic | BindingFlags.Instance).GetValue(context)).Count;

    static void TopicsReachSubscribers()
    {
        using (var context = new Context())
        using (var server = new Server(context: context))
        using (var client = new Client(context: context))
        {
            var news = new TaskCompletionSource<string>();
            var ready = new TaskCompletionSource<bool>();
            server.Received += e => { e.Connection.Subscribe(e.Message); ready.TrySetResult(true); };
            client.Received += e => news.TrySetResult(e.Message);
            Await(server.StartAsync(new ServerConfig { ServerIp = "127.0.0.1" }));
            Await(client.ConnectAsync(Url(server)));
            client.Send("news");
            Await(ready.Task);
            Check(server.Publish("news", "new") == 1 && Await(news.Task) == "new", "published");
        }
    }

    static void AKeyReplacesWhatWaitsForAPeerThatDoesNotRead()
    {
        using (var context = new Context())
        using (var other = new Context())
        using (var server = new Server(new ServerOptions { MaxBuffered = 64 << 20 }, context))
        using (var client = new Client(context: other))
        {
            var accepted = new TaskCompletionSource<Connection>();
            var texts = new BlockingCollection<string>();
            server.Connected += e => accepted.TrySetResult(e.Connection);
            client.Received += e => { if (e.IsText) texts.Add(e.Message); };
            Await(server.StartAsync(new ServerConfig { ServerIp = "127.0.0.1" }));
            Await(client.ConnectAsync(Url(server)));
            client.Pause();
            Connection peer = Await(accepted.Task);
            peer.Subscribe("prices");
            for (int i = 0; i < 32; i++) peer.Send(new byte[1 << 20]); // more than the system takes, so the rest waits
            SendOptions first = new SendOptions { Key = 1, Priority = 2 }, second = new SendOptions { Key = -1 };
            Task old = peer.SendAsync("sent", first);
            peer.Send("text", second);
            peer.Send(new byte[1], second);
            Check(server.Publish("prices", "published", options: first) == 1, "published");
            Task last = peer.SendAsync("newest", second);
            try { old.Wait(Deadline); Check(false, "not replaced"); }
            catch (AggregateException e) { Check(((WsException)e.InnerException).Code == Ws.WS_ERR_REPLACED, e.InnerException.Message); }
            client.Resume();
            foreach (string wanted in new[] { "published", "newest" })
                Check(texts.TryTake(out string text, Deadline) && text == wanted, $"{text} instead of {wanted}");
            Check(last.Wait(Deadline), "not in time");
            try { peer.Send("x", new SendOptions { Priority = 8 }); Check(false, "priority 8"); }
            catch (WsException e) { Check(e.Message.Contains("priority"), e.Message); }
        }
    }

    static int Main(string[] arguments)
    {
        MessagesComeBackInOrder();
        AFailureSaysWhereAndWhy();
        NoOptionIsForgotten(arguments[0]);
        AnExceptionOfAHandlerIsTold();
        TopicsReachSubscribers();
        AKeyReplacesWhatWaitsForAPeerThatDoesNotRead();
        TheCollectorEndsForgottenClients();
        Console.WriteLine("7 tests");
        return 0;
    }
}
