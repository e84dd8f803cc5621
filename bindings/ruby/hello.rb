# SPDX-License-Identifier: Apache-2.0
# A whole conversation by a queue, in fibers of one thread: a server and a client in one program.
require_relative 'libws_h' # generated: structs, functions, constants
require_relative 'scheduler' # or any other Fiber scheduler, such as that of the gem async
require 'io/wait'
WS = Libws::C

def must(status)
  raise WS.ws_last_error.to_s unless status == WS::OK
end

# Events of a queue. wait_readable lets the other fibers run when a scheduler is there, and blocks otherwise.
class Events
  POLLED = Fiddle::Pointer.new(WS::COMPLETION_POLL)
  attr_reader :queue

  def initialize(batch = 64)
    @queue = WS.ws_queue_create(nil)
    raise WS.ws_last_error.to_s if @queue.zero?

    @room = Fiddle::Pointer.malloc(WS::Event.size * batch, Fiddle::RUBY_FREE)
    @events = Array.new(batch) { |i| WS::Event.new(@room + i * WS::Event.size) }
    @count = Fiddle::Pointer.malloc(Fiddle::SIZEOF_SIZE_T, Fiddle::RUBY_FREE)
    fd = Fiddle::Pointer.malloc(Fiddle::SIZEOF_INT, Fiddle::RUBY_FREE)
    must WS.ws_queue_fd(@queue, fd)
    @io = IO.for_fd(fd[0, fd.size].unpack1('l'), autoclose: false) # the queue's: only to be watched
  end

  # Yields each event; what one points to is valid inside the block only. Ends by break.
  def each
    loop do
      @events[0].struct_size = WS::Event.size
      must WS.ws_queue_poll(@queue, @room, @events.size, 0, @count)
      count = @count[0, Fiddle::SIZEOF_SIZE_T].unpack1('J')
      count.zero? ? @io.wait_readable : @events.first(count).each { |e| yield e }
    end
  end
end

def text(event) = event.size.zero? ? '' : event.data[0, event.size].force_encoding('UTF-8')

def send_text(handle, text, completion = nil)
  must WS.ws_send(handle, text, text.bytesize, WS::TEXT, completion, nil)
end

Fiber.set_scheduler(Scheduler.new)
events = Events.new

options = WS::ServerOptions.zeroed
options.queue = events.queue
server = WS.ws_server_create(options)
config = WS::ServerConfig.zeroed # server_port 0: any free port
ip = '127.0.0.1'
config.server_ip = ip
must WS.ws_server_start(server, config, nil, nil)
port = Fiddle::Pointer.malloc(Fiddle::SIZEOF_INT, Fiddle::RUBY_FREE)
must WS.ws_server_port(server, port)

options = WS::CreateOptions.zeroed
options.queue = events.queue
client = WS.ws_create(options)
must WS.ws_connect(client, "ws://127.0.0.1:#{port[0, 4].unpack1('l')}/", nil, nil, nil)

Fiber.schedule do
  events.each do |e|
    case e.type
    when WS::EVENT_OPEN
      puts "on open, status:#{e.status}, message:#{e.text}"
      send_text e.handle, 'Hello, server!', Events::POLLED
    when WS::EVENT_MESSAGE_RECEIVE
      puts "server: on messageReceive, data:#{text(e)}"
      send_text e.handle, 'bye'
    when WS::EVENT_MESSAGE
      puts "on message, message:#{text(e)}"
      must WS.ws_close(e.handle, nil, Events::POLLED, nil) if text(e) == 'bye'
    when WS::EVENT_COMPLETION
      name = e.operation == WS::OP_SEND ? 'send' : 'close'
      puts e.error == WS::OK ? "#{name} success" : "#{name} fail, err:#{e.text}"
    when WS::EVENT_ERROR
      raise e.text.to_s
    when WS::EVENT_CLOSE
      next unless e.server.zero? # the server's end of the connection

      puts "on close, code is #{e.code}, reason is #{e.reason}"
      break
    end
  end
  must WS.ws_destroy_wait(client, -1) # this thread has polled last, so the wait polls
  must WS.ws_server_destroy_wait(server, -1)
  must WS.ws_queue_destroy(events.queue)
end
