// SPDX-License-Identifier: Apache-2.0
//
// What an event costs in C#: CPU time of the process for each message of 16 bytes, sent and received, by the queue of
// the binding and by a callback on the thread of the loop, in turns, medians. cost.sh runs it.
using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Libws;

static class Cost
{
    const int Batch = 20000, Rounds = 15;

    [DllImport("libc")] static extern int clock_gettime(int clock, long[] time);
    [DllImport("libws")] static extern uint ws_version_number();
    [DllImport("libws")] static extern ulong ws_create(IntPtr options);
    [DllImport("libws")] static extern int ws_on(ulong handle, int type, IntPtr callback, IntPtr user);
    [DllImport("libws")] static extern int ws_connect_wait(ulong handle, string url, IntPtr options, long timeout);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)] delegate void OnEvent(IntPtr e, IntPtr user);

    static int left;
    static readonly ManualResetEventSlim over = new ManualResetEventSlim();

    static void Got(byte[] data)
    {
        if (data.Length == 16 && Interlocked.Decrement(ref left) == 0) over.Set();
    }

    static double Cpu()
    {
        var time = new long[2];
        clock_gettime(2, time); // CLOCK_PROCESS_CPUTIME_ID
        return time[0] * 1e9 + time[1];
    }

    static double Send(Connection to)
    {
        var message = new byte[16];
        left = Batch;
        over.Reset();
        double begin = Cpu();
        for (int i = 0; i < Batch; i++) to.Send(message);
        over.Wait();
        return (Cpu() - begin) / Batch;
    }

    static double Median(double[] values) => values.OrderBy(v => v).ElementAt(values.Length / 2);

    static void Main()
    {
        double begin = Cpu();
        for (int i = 0; i < 1000000; i++) ws_version_number();
        double empty = (Cpu() - begin) / 1000000;
        var there = new AutoResetEvent(false);
        Connection accepted = null;
        var server = new Server(new ServerOptions { MaxBuffered = 1 << 30 });
        server.Connected += e => { accepted = e.Connection; there.Set(); };
        server.StartAsync(new ServerConfig { ServerIp = "127.0.0.1" }).Wait();
        string url = $"ws://127.0.0.1:{server.Port}/";
        var client = new Client();
        client.Received += e => Got(e.Data);
        client.ConnectAsync(url).Wait();
        there.WaitOne();
        Connection queue = accepted;
        OnEvent on = (e, user) =>
        {
            var data = new byte[Marshal.ReadInt64(e, 32)];
            Marshal.Copy(Marshal.ReadIntPtr(e, 24), data, 0, data.Length);
            Got(data);
        };
        ulong raw = ws_create(IntPtr.Zero);
        ws_on(raw, Ws.WS_EVENT_MESSAGE, Marshal.GetFunctionPointerForDelegate(on), IntPtr.Zero);
        ws_connect_wait(raw, url, IntPtr.Zero, -1);
        there.WaitOne();
        double[] byQueue = new double[Rounds], byCallback = new double[Rounds];
        for (int r = -5; r < Rounds; r++)
        {
            double a = Send(queue), b = Send(accepted);
            if (r >= 0) { byQueue[r] = a; byCallback[r] = b; }
        }
        Console.WriteLine($"an empty call {empty:F0} ns; a message with its send: queue {Median(byQueue):F0} ns, callback {Median(byCallback):F0} ns");
        GC.KeepAlive(on);
        Console.Out.Flush();
        System.Diagnostics.Process.GetCurrentProcess().Kill(); // an end would wait for the loop, which is a thread of Mono now
    }
}
