#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real Postfix on loopback takes random reports by SMTP and delivers them; what it delivered is read
back to as many recipients.

usage: postfix_accepts.py SMTPSTATUS ROUNDTRIP COUNT

Postfix is taken from $POSTFIX_ROOT, where Debian's package postfix has been unpacked (dpkg-deb -x
FILE.deb $POSTFIX_ROOT): nothing is installed. It needs root, for a mount of its own in which its users
exist. Without it the test is skipped (77).
"""
import os
import tempfile

import loopback

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
daemon_directory = {root}/usr/lib/postfix/sbin
command_directory = {root}/usr/sbin
shlib_directory = {root}/usr/lib/postfix
maillog_file = {home}/log/mail.log
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
default_privs = nobody
allow_min_user = yes
myhostname = mx.example.net
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtputf8_enable = yes
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
alias_maps =
alias_database =
smtpd_recipient_limit = 1000
message_size_limit = 10485760
virtual_mailbox_limit = 0
mailbox_size_limit = 0
virtual_mailbox_domains = regexp:{home}/all
virtual_mailbox_maps = static:box
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:65533
virtual_gid_maps = static:65533
virtual_minimum_uid = 1
"""

MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
virtual unix - n n - 1 virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

QUEUES = ('active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold', 'incoming', 'private',
          'maildrop', 'public', 'saved', 'trace')


def main():
    root = loopback.root_of('POSTFIX_ROOT', '/usr/lib/postfix/sbin/master')
    port = loopback.free_port()
    with tempfile.TemporaryDirectory() as home:
        loopback.folders(home, 'data', 'log', 'mail', *('spool/' + name for name in QUEUES))
        os.makedirs(home + '/spool/pid')
        os.makedirs(home + '/conf')
        loopback.write(home + '/all', '/./ OK\n')
        loopback.write(home + '/conf/main.cf', MAIN.format(home=home, root=root))
        loopback.write(home + '/conf/master.cf', MASTER.format(port=port))
        loopback.users(home, 'postfix:x:65533:65533::/nonexistent:/bin/false\n',
                       'postfix:x:65533:\npostdrop:x:65532:\n', [root + '/usr/lib/postfix'])
        loopback.deliver('Postfix', [root + '/usr/lib/postfix/sbin/master', '-c', home + '/conf', '-d'], home,
                         port, home + '/mail/box')


if __name__ == '__main__':
    main()
