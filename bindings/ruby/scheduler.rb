# SPDX-License-Identifier: Apache-2.0
# A Fiber scheduler of IO.select, for programs without a gem for it. (Fiber::Scheduler in Ruby's documentation.)
class Scheduler
  def initialize
    @readable = {} # io => fiber
    @writable = {}
    @sleeping = {} # fiber => when
    @ready = []
    @lock = Thread::Mutex.new
    @wake_read, @wake_write = IO.pipe
  end

  def run
    until @readable.empty? && @writable.empty? && @sleeping.empty? && @ready.empty?
      readable, writable, = IO.select([*@readable.keys, @wake_read], @writable.keys, [], pause)
      @wake_read.read_nonblock(1024, exception: false) if readable&.include?(@wake_read)
      fibers = [*readable&.filter_map { |io| @readable.delete(io) }, *writable&.filter_map { |io| @writable.delete(io) }]
      now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      fibers.concat(@sleeping.select { |_, at| at <= now }.keys.each { |fiber| @sleeping.delete(fiber) })
      fibers.concat(@lock.synchronize { @ready.slice!(0..) })
      fibers.each { |fiber| fiber.resume if fiber.alive? }
    end
  end

  def close
    run
  ensure
    [@wake_read, @wake_write].each(&:close)
  end

  def io_wait(io, events, timeout)
    @readable[io] = Fiber.current if events & IO::READABLE != 0
    @writable[io] = Fiber.current if events & IO::WRITABLE != 0
    wait_until(timeout)
    events
  end

  def kernel_sleep(duration = nil) = wait_until(duration)

  def block(_blocker, timeout = nil) = wait_until(timeout)

  def unblock(_blocker, fiber)
    @lock.synchronize { @ready << fiber }
    @wake_write.write_nonblock('.', exception: false)
  end

  def fiber(&block) = Fiber.new(blocking: false, &block).tap(&:resume)

  private

  def wait_until(timeout)
    @sleeping[Fiber.current] = Process.clock_gettime(Process::CLOCK_MONOTONIC) + timeout if timeout
    Fiber.yield
  ensure
    @sleeping.delete(Fiber.current)
  end

  def pause
    return 0 unless @ready.empty?

    @sleeping.empty? ? nil : [@sleeping.values.min - Process.clock_gettime(Process::CLOCK_MONOTONIC), 0].max
  end
end
