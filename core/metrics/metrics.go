// SPDX-License-Identifier: Apache-2.0

// Package metrics is the figures that a host reads, as structs and as the text that Prometheus
// reads. What counts is elsewhere (core: limits.go, figures.go). Come here for a new figure, or
// for what the text says of one.
package metrics

import (
	"strconv"
	"strings"
)

// Named are the figures of a server with what tells them apart from those of others.
type Named struct {
	Name string // where it listens, or did last
	ServerStats
}

// Text is what Prometheus reads (exposition format 0.0.4): the figures of the
// library, and those of a server unless it is nil.
func Text(s Stats, q QueueStats, server *Named) string {
	p := new(page)
	p.gauge("libws_loops", "Event loops.", float64(s.Loops))
	p.gauge("libws_uptime_seconds", "Time since the library has started.", s.Uptime.Seconds())
	p.seconds("libws_loop_cpu_seconds_total", "CPU time of the threads of all loops.", s.CPU.Seconds())
	p.gauge("libws_connections", "Open connections, clients and accepted ones.", float64(s.Open))
	p.gauge("libws_connections_peak", "Most open connections at once.", float64(s.Peak))
	p.gauge("libws_connections_limit", "Connections that the process may have.", float64(s.Ceiling))
	p.counter("libws_accepted_total", "TCP connections that servers took.", s.Accepted)
	p.counter("libws_refused_total", "Connections that servers refused because of a limit.", s.Refused)
	p.counter("libws_unheard_messages_total", "Messages that no listener took.", s.Unheard)
	p.counter("libws_dropped_messages_total", "Messages that made room for newer ones, or were published and found none.", s.Dropped)
	p.counter("libws_replaced_messages_total", "Messages that newer ones with their key have replaced before they left.", s.Replaced)
	p.counter("libws_relieved_total", "Connections that were ended because the memory budget was used up.", s.Relieved)
	p.gauge("libws_memory_budget_bytes", "Bytes that all buffers may take together; 0: any.", float64(s.Budget))
	p.gauge("libws_memory_used_bytes", "Bytes of buffers in use.", float64(s.Used))
	p.gauge("libws_queued_events", "Events that wait in queues of the host.", float64(q.Events))
	p.gauge("libws_queued_bytes", "Bytes of messages that wait in queues of the host.", float64(q.Bytes))
	p.counter("libws_log_suppressed_lines_total", "Lines of the log beyond log_lines_per_second.", s.Suppressed)
	p.counter("libws_defects_total", "Faults of the library that it has caught; each ended a connection or a call.", s.Panics)
	if server != nil {
		p.server(server)
	}
	return p.text.String()
}

func (p *page) server(t *Named) {
	name := labels{{"server", t.Name}}
	p.gauge("libws_server_connections", "Open connections of the server.", float64(t.Connections), name...)
	p.gauge("libws_server_connections_peak", "Most open connections of the server at once.", float64(t.Peak), name...)
	p.counter("libws_server_accepted_total", "TCP connections that the server let in.", t.Accepted, name...)
	p.counter("libws_server_upgrades_total", "Connections that were opened.", t.Upgraded, name...)
	p.counter("libws_server_left_total", "Clients that went away before their request was complete.", t.Left, name...)
	p.family("libws_server_refused_total", "Clients that got no connection.", "counter")
	for _, r := range []struct {
		reason string
		count  uint64
	}{
		{"descriptors", t.Descriptors}, {"ceiling", t.Ceiling}, {"connections", t.Limit}, {"clients", t.Clients},
		{"per_client", t.Own}, {"rate", t.Rate}, {"bad_request", t.BadRequests}, {"origin", t.Origins},
		{"late", t.Late}, {"size", t.TooLarge}, {"unavailable", t.Unavailable},
	} {
		p.sample("libws_server_refused_total", float64(r.count), append(name, label{"reason", r.reason})...)
	}
	p.directions(name, "libws_server_messages_total", "Messages.", t.MessagesIn, t.MessagesOut)
	p.directions(name, "libws_server_message_bytes_total", "Payload of messages.", t.BytesIn, t.BytesOut)
	p.directions(name, "libws_server_pings_total", "Pings.", t.PingsIn, t.PingsOut)
	p.counter("libws_server_pongs_received_total", "Pongs.", t.PongsIn, name...)
	p.counter("libws_server_dropped_messages_total", "Messages that made room for newer ones, or were published and found none.", t.Dropped, name...)
	p.counter("libws_server_skipped_messages_total", "Messages over max_message_size that were skipped.", t.Skipped, name...)
	p.counter("libws_server_replaced_messages_total", "Messages that newer ones with their key have replaced before they left.", t.Replaced, name...)
	p.family("libws_server_tls_handshakes_total", "TLS handshakes.", "counter")
	p.sample("libws_server_tls_handshakes_total", float64(t.Secured), append(name, label{"result", "ok"})...)
	p.sample("libws_server_tls_handshakes_total", float64(t.Unsecured), append(name, label{"result", "failed"})...)
	p.gauge("libws_server_buffered_bytes", "Bytes that wait to be sent.", float64(t.Buffered), name...)
	if t.Relay.Was {
		p.relay(name, &t.Relay)
	}
}

// relay is for servers only that have had one: others would have figures that mean nothing.
func (p *page) relay(name labels, t *RelayStats) {
	p.directions(name, "libws_server_relay_messages_total", "Messages that the relay has got, and has handed in.", t.Delivered, t.Sent)
	p.counter("libws_server_relay_dropped_messages_total", "Messages that found no room in the queue of the relay, or were left at its end.", t.Dropped, name...)
	p.counter("libws_server_relay_refused_messages_total", "Messages that nobody got because the queue of the relay was full.", t.Refused, name...)
	p.gauge("libws_server_relay_waiting_messages", "Messages that wait for the relay.", float64(t.Waiting), name...)
	p.gauge("libws_server_relay_waiting_bytes", "Bytes of messages that wait for the relay.", float64(t.WaitingBytes), name...)
	p.gauge("libws_server_relay_lag_seconds", "How long the first message has waited for the relay.", t.Lag.Seconds(), name...)
	p.gauge("libws_server_relay_age_seconds", "Age of the last message that the relay has handed in, by the clocks of both machines.", t.Age.Seconds(), name...)
	p.gauge("libws_server_relay_subscriptions", "Topics and patterns that the relay knows somebody here has subscribed to.", float64(t.Subscriptions), name...)
}

// page is a text in the exposition format.
type page struct{ text strings.Builder }

type label struct{ name, value string }

type labels []label

// family begins the samples of one name. help has neither line breaks nor backslashes.
func (p *page) family(name, help, kind string) {
	p.text.WriteString("# HELP " + name + " " + help + "\n# TYPE " + name + " " + kind + "\n")
}

// escaped: a NUL may be in the name of an abstract Unix socket; hosts take the page as a C
// string.
var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\x00", "\ufffd")

func (p *page) sample(name string, value float64, of ...label) {
	p.text.WriteString(name)
	for i, l := range of {
		before := ","
		if i == 0 {
			before = "{"
		}
		p.text.WriteString(before + l.name + `="` + escaped.Replace(strings.ToValidUTF8(l.value, "\ufffd")) + `"`)
	}
	if len(of) > 0 {
		p.text.WriteString("}")
	}
	p.text.WriteString(" " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

func (p *page) gauge(name, help string, value float64, of ...label) {
	p.family(name, help, "gauge")
	p.sample(name, value, of...)
}

func (p *page) counter(name, help string, value uint64, of ...label) {
	p.seconds(name, help, float64(value), of...)
}

// seconds is a counter of time.
func (p *page) seconds(name, help string, value float64, of ...label) {
	p.family(name, help, "counter")
	p.sample(name, value, of...)
}

func (p *page) directions(of labels, name, help string, in, out uint64) {
	p.family(name, help, "counter")
	p.sample(name, float64(in), append(of, label{"direction", "in"})...)
	p.sample(name, float64(out), append(of, label{"direction", "out"})...)
}
