# SPDX-License-Identifier: Apache-2.0
# A Fiber scheduler of IO.select, for programs without a gem for it. (Fiber::Scheduler in Ruby's documentation.)
class Scheduler
  def initialize
    @readable = {} # io => fiber
    @writable = {}
    @sleeping = {} # fiber => when
    @blocked = {} # fiber => true
    @ready = [] # to be unblocked; also by other threads
    @lock = Thread::Mutex.new
    @wake_read, @wake_write = IO.pipe
  end

  def run
    until [@readable, @writable, @sleeping, @blocked].all?(&:empty?)
      readable, writable, = IO.select([*@readable.keys, @wake_read], @writable.keys, [], pause)
      @wake_read.read_nonblock(1024, exception: false) if readable&.include?(@wake_read)
      fibers = [*readable&.filter_map { |io| @readable.delete(io) }, *writable&.filter_map { |io| @writable.delete(io) }]
      now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      fibers.concat(@sleeping.select { |_, at| at <= now }.keys)
      fibers.concat(@lock.synchronize { @ready.slice!(0..) }.select { |fiber| @blocked.key?(fiber) })
      fibers.uniq.each { |fiber| fiber.resume if fiber.alive? }
    end
  end

  def close
    run
  ensure
    [@wake_read, @wake_write].each(&:close)
  end

  # What it is ready for, or false when the time is over.
  def io_wait(io, events, timeout)
    waits = { IO::READABLE => @readable, IO::WRITABLE => @writable }.select { |event, _| events & event != 0 }
    waits.each_value { |fibers| fibers[io] = Fiber.current }
    pause_fiber(timeout)
    ready = waits.sum { |event, fibers| fibers.delete(io) ? 0 : event }
    ready.zero? ? false : ready
  end

  def kernel_sleep(duration = nil) = pause_fiber(duration)

  # For Mutex, Queue and the like.
  def block(_blocker, timeout = nil)
    @blocked[Fiber.current] = true
    pause_fiber(timeout)
    true
  ensure
    @blocked.delete(Fiber.current)
  end

  def unblock(_blocker, fiber)
    @lock.synchronize { @ready << fiber }
    @wake_write.write_nonblock('.', exception: false)
  end

  def fiber(&block) = Fiber.new(blocking: false, &block).tap(&:resume)

  private

  def pause_fiber(timeout)
    @sleeping[Fiber.current] = Process.clock_gettime(Process::CLOCK_MONOTONIC) + timeout if timeout
    Fiber.yield
  ensure
    @sleeping.delete(Fiber.current)
  end

  # How long to select for, nil: until something is ready.
  def pause
    return 0 unless @lock.synchronize { @ready.empty? }

    @sleeping.empty? ? nil : [@sleeping.values.min - Process.clock_gettime(Process::CLOCK_MONOTONIC), 0].max
  end
end
