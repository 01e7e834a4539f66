#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real Exim on loopback takes random reports by SMTP and delivers them; what it delivered is read
back to as many recipients.

usage: exim_accepts.py SMTPSTATUS ROUNDTRIP COUNT

Exim is taken from $EXIM_ROOT, where Debian's packages exim4-daemon-light, exim4-base and libidn12 have
been unpacked (dpkg-deb -x FILE.deb $EXIM_ROOT): nothing is installed. It needs root, for a mount of its
own in which the user Debian-exim exists. Without it the test is skipped (77).
"""
import email
import email.policy
import os
import re
import smtplib
import socket
import subprocess
import sys
import tempfile
import time

CONFIG = """
exim_user = 65533
exim_group = 65533
spool_directory = {home}/spool
log_file_path = {home}/log/%slog
pid_file_path = {home}/spool/pid
primary_hostname = mx.example.net
keep_environment =
exim_path = {root}/usr/sbin/exim4
allow_domain_literals = true
allow_utf8_domains = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
smtputf8_advertise_hosts = *
message_size_limit = 10M
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = accept
acl_smtp_data = check_data
begin acl
check_data:
  deny message = header syntax: $acl_verify_message
    !verify = header_syntax
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = {home}/mail/box
  create_file = anywhere
  user = 65533
  group = 65533
"""

START = """
mount --bind {home}/passwd /etc/passwd && mount --bind {home}/group /etc/group || exit 77
/sbin/ldconfig -C {home}/ld.so.cache -f {home}/ld.conf && mount --bind {home}/ld.so.cache /etc/ld.so.cache
exec {root}/usr/sbin/exim4 -C {home}/exim.conf -bdf
"""


def skip(why):
    print('skipped:', why)
    sys.exit(77)


def mails(program, count):
    rest = subprocess.run([program, count, '11', 'dump'], stdout=subprocess.PIPE, check=True).stdout
    while rest:
        head, _, rest = rest.partition(b'\n')
        length, recipients = map(int, head.split())
        yield rest[:length], recipients
        rest = rest[length:]


def write(path, text):
    with open(path, 'w') as out:
        out.write(text)


def prepare(home, root, port):
    for folder in ('spool', 'log', 'mail'):
        os.mkdir(os.path.join(home, folder))
        os.chown(os.path.join(home, folder), 65533, 65533)
    os.chmod(home, 0o755)
    write(home + '/exim.conf', CONFIG.format(home=home, port=port, root=root))
    write(home + '/passwd', open('/etc/passwd').read() +
          'Debian-exim:x:65533:65533::/nonexistent:/bin/false\n')
    write(home + '/group', open('/etc/group').read() + 'Debian-exim:x:65533:\n')
    # Exim starts itself again with its setuid bit, which forgets LD_LIBRARY_PATH: a cache of our own.
    write(home + '/ld.conf', root + '/usr/lib/x86_64-linux-gnu\ninclude /etc/ld.so.conf\n')
    write(home + '/start', START.format(home=home, root=root))


def connect(port, daemon):
    for _ in range(100):
        if daemon.poll() is not None:
            skip('Exim does not start here')
        try:
            return smtplib.SMTP('127.0.0.1', port, local_hostname='client.example.net', timeout=20)
        except OSError:
            time.sleep(0.1)
    skip('Exim does not answer')


def send(server, raw):
    head = email.message_from_bytes(raw.split(b'\r\n\r\n')[0], policy=email.policy.SMTP)
    to = re.search(rb'^To: <(.*)>\r$', raw, re.M).group(1).decode('utf-8')
    options = [] if raw.isascii() else ['BODY=8BITMIME']
    if 'global-delivery-status' in head['Content-Type']:
        options.append('SMTPUTF8')
    server.command_encoding = 'utf-8'
    code, answer = server.mail('', options)
    assert code == 250, answer
    code, answer = server.docmd('RCPT', 'TO:<%s>' % to)
    assert code == 250, (to, answer)
    code, answer = server.data(raw)
    assert code == 250, (answer, raw)


def main():
    root = os.environ.get('EXIM_ROOT')
    if not root or not os.path.exists(root + '/usr/sbin/exim4'):
        skip('no Exim in $EXIM_ROOT')
    root = os.path.abspath(root)
    if os.geteuid() != 0:
        skip('not root')
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        prepare(home, root, port)
        daemon = subprocess.Popen(['unshare', '-m', 'sh', home + '/start'],
                                  stderr=subprocess.DEVNULL)
        try:
            server = connect(port, daemon)
            server.ehlo()
            sent = recipients = 0
            for raw, groups in mails(sys.argv[2], sys.argv[3]):
                send(server, raw)
                sent += 1
                recipients += groups
            server.quit()
            box = home + '/mail/box'
            for _ in range(300):
                done = os.path.exists(box) and open(box, 'rb').read().count(b'\nAuto-Submitted: ')
                if done == sent:
                    break
                time.sleep(0.1)
            assert done == sent, (done, sent)
            got = subprocess.run([sys.argv[1], 'read', '--json', box], stdout=subprocess.PIPE,
                                 check=True).stdout.count(b'\n')
            assert got == recipients, (got, recipients)
            print('Exim took and delivered %d reports; %d recipients read back' % (sent, got))
        finally:
            daemon.terminate()
            daemon.wait()


if __name__ == '__main__':
    main()
