# SPDX-License-Identifier: MIT
"""What the tests with real mail servers on loopback share: random reports, an SMTP client, and what was
delivered read back."""
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

USER = 65533  # of the server, in a mount of its own


def skip(why):
    print('skipped:', why)
    sys.exit(77)


def mails(program, count):
    """Random reports, with the number of their recipients."""
    rest = subprocess.run([program, count, '11', 'dump'], stdout=subprocess.PIPE, check=True).stdout
    while rest:
        head, _, rest = rest.partition(b'\n')
        length, recipients, reply, want = map(int, head.split())
        yield rest[:length], recipients
        rest = rest[length + reply + want:]


def write(path, text):
    with open(path, 'w') as out:
        out.write(text)


def folders(home, *names):
    for name in names:
        os.makedirs(os.path.join(home, name))
        os.chown(os.path.join(home, name), USER, USER)
    os.chmod(home, 0o755)


def users(home, passwd, group, libraries):
    """Files that are mounted over those of the machine: users, and a library cache of our own, since a
    program with a setuid bit forgets LD_LIBRARY_PATH."""
    write(home + '/passwd', open('/etc/passwd').read() + passwd)
    write(home + '/group', open('/etc/group').read() + group)
    write(home + '/ld.conf', ''.join(folder + '\n' for folder in libraries) + 'include /etc/ld.so.conf\n')
    write(home + '/start', """
mount --bind {home}/passwd /etc/passwd && mount --bind {home}/group /etc/group || exit 77
/sbin/ldconfig -C {home}/ld.so.cache -f {home}/ld.conf && mount --bind {home}/ld.so.cache /etc/ld.so.cache
exec "$@"
""".format(home=home))


def root_of(variable, program):
    """The folder where a server's packages are unpacked."""
    root = os.environ.get(variable)
    if not root or not os.path.exists(root + program):
        skip('no %s in $%s' % (program, variable))
    if os.geteuid() != 0:
        skip('not root')
    return os.path.abspath(root)


def free_port():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        return free.getsockname()[1]


def connect(port, daemon, name):
    for _ in range(100):
        if daemon.poll() is not None:
            skip(name + ' does not start here')
        try:
            return smtplib.SMTP('127.0.0.1', port, local_hostname='client.example.net', timeout=20)
        except OSError:
            time.sleep(0.1)
    skip(name + ' does not answer')


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


def deliver(name, command, home, port, box):
    """Starts a server, sends it random reports, and reads what it delivered."""
    daemon = subprocess.Popen(['unshare', '-m', 'sh', home + '/start', *command],
                              stderr=subprocess.DEVNULL)
    try:
        server = connect(port, daemon, name)
        server.ehlo()
        sent = recipients = done = 0
        for raw, groups in mails(sys.argv[2], sys.argv[3]):
            send(server, raw)
            sent += 1
            recipients += groups
        server.quit()
        for _ in range(600):
            done = os.path.exists(box) and open(box, 'rb').read().count(b'\nAuto-Submitted: ')
            if done == sent:
                break
            time.sleep(0.1)
        assert done == sent, (done, sent)
        got = subprocess.run([sys.argv[1], 'read', '--json', box], stdout=subprocess.PIPE,
                             check=True).stdout.count(b'\n')
        assert got == recipients, (got, recipients)
        print('%s took and delivered %d reports; %d recipients read back' % (name, sent, got))
    finally:
        daemon.terminate()
        daemon.wait()
