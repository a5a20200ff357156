"""TCP between a client and a port, and RFC 2217."""

import os
import random
import select
import socket
import threading
import tty

import serial
import serial.rfc2217


class Bridge:
    """A server of TCP connections to a port. With more than one, each reads a part of what comes, at random."""

    def __init__(self, port, wrap=None):
        self.port, self.wrap, self.draw = port, wrap, random.Random(1)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.stop, self.serving = threading.Event(), threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.serving.start()
        return "127.0.0.1:%d" % self.server.getsockname()[1]

    def __exit__(self, *_):
        self.stop.set()
        self.serving.join(20)
        self.server.close()

    def serve(self):
        line = os.open(self.port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(line)
        # a connection, and what it makes of bytes in both directions
        there = {}
        while not self.stop.is_set():
            for ready in select.select([self.server, line, *there], [], [], 0.05)[0]:
                if ready is self.server:
                    connection, _ = self.server.accept()
                    there[connection] = self.wrap(connection) if self.wrap else (bytes, bytes)
                elif ready is line:
                    data = os.read(line, 30)
                    if there:
                        connection = self.draw.choice(list(there))
                        connection.sendall(there[connection][1](data))
                else:
                    data = ready.recv(4096)
                    if data:
                        os.write(line, there[ready][0](data))
                    else:
                        del there[ready]
                        ready.close()
        for connection in there:
            connection.close()
        os.close(line)


class Modem(serial.serialutil.SerialBase):
    """What a server of RFC 2217 asks of its port."""

    cts = dsr = ri = cd = rts = dtr = break_condition = False

    def __init__(self):
        super().__init__()
        self.is_open = True

    def _reconfigure_port(self):
        pass

    def reset_input_buffer(self):
        pass

    def reset_output_buffer(self):
        pass


def rfc2217(connection):
    """The two directions of a connection that speaks RFC 2217."""

    class Answers:
        @staticmethod
        def write(data):
            connection.sendall(data)

    manager = serial.rfc2217.PortManager(Modem(), Answers)
    return (lambda data: b"".join(manager.filter(data))), (lambda data: b"".join(manager.escape(data)))
