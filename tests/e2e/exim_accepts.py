#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real Exim on loopback takes random reports by SMTP and delivers them; what it delivered is read
back to as many recipients.

usage: exim_accepts.py SMTPSTATUS ROUNDTRIP COUNT

Exim is taken from $EXIM_ROOT, where Debian's packages exim4-daemon-light, exim4-base and libidn12 have
been unpacked (dpkg-deb -x FILE.deb $EXIM_ROOT): nothing is installed. It needs root, for a mount of its
own in which the user Debian-exim exists. Without it the test is skipped (77).
"""
import tempfile

import loopback

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
  use_lockfile = false
  lock_fcntl_timeout = 60s
  user = 65533
  group = 65533
"""


def main():
    root = loopback.root_of('EXIM_ROOT', '/usr/sbin/exim4')
    port = loopback.free_port()
    with tempfile.TemporaryDirectory() as home:
        loopback.folders(home, 'spool', 'log', 'mail')
        loopback.write(home + '/exim.conf', CONFIG.format(home=home, port=port, root=root))
        loopback.users(home, 'Debian-exim:x:65533:65533::/nonexistent:/bin/false\n',
                       'Debian-exim:x:65533:\n', [root + '/usr/lib/x86_64-linux-gnu'])
        loopback.deliver('Exim', [root + '/usr/sbin/exim4', '-C', home + '/exim.conf', '-bdf'], home, port,
                         home + '/mail/box')


if __name__ == '__main__':
    main()
