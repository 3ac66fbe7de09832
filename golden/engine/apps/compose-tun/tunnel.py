import fcntl
import os
import socket
import struct
import subprocess

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000

tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", b"tun0", IFF_TUN | IFF_NO_PI))
subprocess.run(["ip", "addr", "add", "10.99.0.1/24", "dev", "tun0"], check=True)
subprocess.run(["ip", "link", "set", "tun0", "up"], check=True)
print("tun0 is up")

peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.bind(("", 5300))
while True:
    data, address = peer.recvfrom(2048)
    peer.sendto(data, address)
