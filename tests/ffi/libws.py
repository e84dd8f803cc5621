# SPDX-License-Identifier: Apache-2.0
"""libws by ctypes: the structs and functions that libws_callbacks.py and libws_queue.py use.

The structs repeat include/ws_types.h member by member; layout.c compares them.
"""
import ctypes as c

OK, FULL = 0, -103
TEXT, BINARY = 1, 2
OPEN, MESSAGE, CLOSE, ERROR, DESTROYED, CONNECT, MESSAGE_RECEIVE, COMPLETION, DRAIN = range(1, 10)
OP_CONNECT, OP_SEND, OP_CLOSE, OP_SERVER_START, OP_SERVER_STOP = range(1, 6)

handle = c.c_uint64


def struct(name, *members):
    """A struct of the header whose first member is struct_size, which is set."""
    def begin(self, **values):
        c.Structure.__init__(self, struct_size=c.sizeof(type(self)), **values)
    return type(name, (c.Structure,), {"_fields_": [("struct_size", c.c_uint32), *members], "__init__": begin})


Event = struct(
    "ws_event", ("type", c.c_int32), ("handle", handle), ("server", handle), ("data", c.c_void_p), ("size", c.c_size_t),
    ("message_type", c.c_int32), ("status", c.c_int32), ("code", c.c_int32), ("clean", c.c_int32), ("reason", c.c_char_p),
    ("reason_size", c.c_size_t), ("text", c.c_char_p), ("error", c.c_int32), ("stage", c.c_int32), ("os_error", c.c_int32),
    ("operation", c.c_int32), ("user_data", c.c_void_p), ("protocol", c.c_char_p), ("round_trip_us", c.c_int64),
    ("delay_ms", c.c_int64), ("attempt", c.c_int32), ("will_reconnect", c.c_int32), ("part", c.c_int32), ("reserved", c.c_int32))
CreateOptions = struct(
    "ws_create_options", ("flags", c.c_uint32), ("max_message_size", c.c_int64), ("max_buffered", c.c_int64),
    ("user_data", c.c_void_p), ("high_water_mark", c.c_int64), ("low_water_mark", c.c_int64), ("queue", handle))
ServerOptions = struct(
    "ws_server_options", ("flags", c.c_uint32), ("max_message_size", c.c_int64), ("max_buffered", c.c_int64),
    ("user_data", c.c_void_p), ("high_water_mark", c.c_int64), ("low_water_mark", c.c_int64), ("queue", handle))
ServerConfig = struct(
    "ws_server_config", ("server_port", c.c_int32), ("server_ip", c.c_char_p), ("handshake_timeout_ms", c.c_int32),
    ("backlog", c.c_int32), ("cert_path", c.c_char_p), ("key_path", c.c_char_p))
CloseOptions = struct("ws_close_options", ("code", c.c_int32), ("reason", c.c_char_p))
QueueOptions = struct("ws_queue_options", ("flags", c.c_uint32), ("max_bytes", c.c_int64))
Stats = struct(
    "ws_stats", ("loops", c.c_int32), ("connections", c.c_int64), ("connections_peak", c.c_int64), ("connection_limit", c.c_int64),
    ("accepted", c.c_uint64), ("refused", c.c_uint64), ("unheard", c.c_uint64), ("relieved", c.c_uint64),
    ("memory_budget", c.c_int64), ("memory_used", c.c_int64))
STRUCTS = (Event, CreateOptions, ServerOptions, ServerConfig, CloseOptions, QueueOptions, Stats)

callback = c.CFUNCTYPE(None, c.POINTER(Event), c.c_void_p)
POLL = c.cast(1, callback)  # WS_COMPLETION_POLL
NONE = c.cast(None, callback)

FUNCTIONS = {
    "ws_create": (handle, c.POINTER(CreateOptions)),
    "ws_on": (c.c_int32, handle, c.c_int32, callback, c.c_void_p),
    "ws_connect": (c.c_int32, handle, c.c_char_p, c.c_void_p, callback, c.c_void_p),
    "ws_send": (c.c_int32, handle, c.c_char_p, c.c_size_t, c.c_int32, callback, c.c_void_p),
    "ws_close": (c.c_int32, handle, c.POINTER(CloseOptions), callback, c.c_void_p),
    "ws_pause": (c.c_int32, handle),
    "ws_resume": (c.c_int32, handle),
    "ws_destroy": (c.c_int32, handle),
    "ws_state": (c.c_int32, handle, c.POINTER(c.c_int32)),
    "ws_buffered_amount": (c.c_int32, handle, c.POINTER(c.c_uint64)),
    "ws_server_create": (handle, c.POINTER(ServerOptions)),
    "ws_server_on": (c.c_int32, handle, c.c_int32, callback, c.c_void_p),
    "ws_server_start": (c.c_int32, handle, c.POINTER(ServerConfig), callback, c.c_void_p),
    "ws_server_port": (c.c_int32, handle, c.POINTER(c.c_int32)),
    "ws_server_stop": (c.c_int32, handle, callback, c.c_void_p),
    "ws_server_destroy": (c.c_int32, handle),
    "ws_queue_create": (handle, c.POINTER(QueueOptions)),
    "ws_queue_fd": (c.c_int32, handle, c.POINTER(c.c_int32)),
    "ws_queue_dispatch": (c.c_int32, handle, c.c_size_t, c.c_int32, c.POINTER(c.c_size_t)),
    "ws_queue_poll": (c.c_int32, handle, c.POINTER(Event), c.c_size_t, c.c_int32, c.POINTER(c.c_size_t)),
    "ws_queue_destroy": (c.c_int32, handle),
    "ws_stats_get": (c.c_int32, c.POINTER(Stats)),
    "ws_last_error": (c.c_char_p,),
    "ws_shutdown_wait": (c.c_int32, c.c_int64),
}


class Library:
    """The functions of the library. One that fails raises, but for ws_send with a full queue."""

    def __init__(self, path):
        self._library = c.CDLL(path)
        for name, (result, *arguments) in FUNCTIONS.items():
            function = getattr(self._library, name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, self._checked(name, function) if result in (c.c_int32, handle) else function)

    def _checked(self, name, function):
        makes = function.restype is handle

        def call(*arguments):
            result = function(*arguments)
            if (result == 0) if makes else (result not in (OK, FULL)):
                raise OSError(f"{name} gave {result}: {self._library.ws_last_error().decode()}")
            return result
        return call

    def refused(self, name, *arguments):
        """The status of a call that must fail, and its text."""
        status = getattr(self._library, name)(*arguments)
        assert status != OK, f"{name} succeeded"
        return status, self._library.ws_last_error().decode()


def payload(event):
    """The data of a message, copied."""
    return c.string_at(event.data, event.size)
