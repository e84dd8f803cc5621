# SPDX-License-Identifier: Apache-2.0
require_relative '../../../bindings/ruby/libws_h'
WS = Libws::C
CALLS, BATCH, ROUNDS = 100_000, 64, 200
def now = Process.clock_gettime(Process::CLOCK_THREAD_CPUTIME_ID, :nanosecond)
queue, client, state = WS.ws_queue_create(nil), WS.ws_create(nil), Fiddle::Pointer.malloc(8, Fiddle::RUBY_FREE)
start = now
CALLS.times { WS.ws_state(client, state) }
call, by, seen = (now - start) / CALLS.to_f, [0, 0], 0
tell = Class.new(Fiddle::Closure) do
  define_method(:call) { |event, _| seen += WS::Event.new(event).operation }
end.new(Fiddle::TYPE_VOID, [Fiddle::TYPE_VOIDP, Fiddle::TYPE_VOIDP])
polled = Fiddle::Pointer.new(WS::COMPLETION_POLL)
room = Fiddle::Pointer.malloc(WS::Event.size * BATCH, Fiddle::RUBY_FREE)
events = Array.new(BATCH) { |i| WS::Event.new(room + i * WS::Event.size) }
count = Fiddle::Pointer.malloc(8, Fiddle::RUBY_FREE)
(2 * ROUNDS).times do |round|
  how = round % 2
  BATCH.times { WS.ws_post(queue, 0, how.zero? ? tell : polled, nil, nil) }
  sleep 0.002 # until all wait in the queue
  start, got = now, 0
  while got < BATCH
    events[0].struct_size = WS::Event.size
    how.zero? ? WS.ws_queue_dispatch(queue, 0, -1, count) : WS.ws_queue_poll(queue, room, BATCH, -1, count)
    n = count[0, 8].unpack1('J')
    events.first(n).each { |e| seen += e.operation } if how == 1
    got += n
  end
  by[how] += now - start
end
puts [call, *by.map { |t| t / (BATCH * ROUNDS).to_f }].map { |n| format('%.1f', n) }.join(' ')
WS.ws_destroy_wait(client, -1)
exit seen == 2 * BATCH * ROUNDS * WS::OP_POST
