import os
import socket
import struct
import time


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def ping(host, seq):
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    s.settimeout(2)
    head = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xFFFF, seq)
    packet = struct.pack("!BBHHH", 8, 0, checksum(head), os.getpid() & 0xFFFF, seq)
    start = time.time()
    s.sendto(packet, (host, 0))
    s.recv(1024)
    return time.time() - start


seq = 0
while True:
    seq += 1
    print("%s answered in %.1f ms" % (os.environ["TARGET"], ping(os.environ["TARGET"], seq) * 1000))
    time.sleep(2)
