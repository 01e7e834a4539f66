#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real servers on loopback, tracked while they work.

usage: live_track.py SMTPSTATUS postfix|exim|sendmail [MESSAGES]

$SERVERS/postfix, exim and sendmail hold Debian's packages (tests/e2e/fetch-servers gets them). They are
unpacked over this machine's own files in an overlay that ends with the test, in a network that has
nothing but loopback. Mail is put in; a receiver that this script plays takes it, refuses it for good or
for now, or hangs up after the final dot. Meanwhile the log is renamed once, and `track --follow` reads
it. What it found must be what the receiver did. Without root, packages or overlays: skipped (77)."""
import collections
import glob
import json
import os
import signal
import smtplib
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

SINK = 2525
USERS = ("postfix:x:65500:65500::/var/spool/postfix:/bin/false", "Debian-exim:x:65501:65501::/nonexistent:/bin/false",
         "smmta:x:65502:65502::/var/lib/sendmail:/bin/false", "smmsp:x:65503:65503::/var/lib/sendmail:/bin/false")
GROUPS = ("postfix:x:65500:", "postdrop:x:65504:", "Debian-exim:x:65501:", "smmta:x:65502:", "smmsp:x:65503:")

POSTFIX = """
compatibility_level = 3.6
myhostname = mx.example.net
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
relayhost = [127.0.0.1]:2525
disable_dns_lookups = yes
smtp_host_lookup = native
maillog_file = /var/log/mail.log
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_tls_security_level = none
default_destination_concurrency_failed_cohort_limit = 0
"""

EXIM = """
exim_user = Debian-exim
exim_group = Debian-exim
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%slog
primary_hostname = mx.example.net
local_interfaces = 127.0.0.1
daemon_smtp_ports = 25
keep_environment =
acl_smtp_rcpt = accept
tls_advertise_hosts =
smtp_accept_queue_per_connection = 0
smtp_accept_max = 100
host_lookup =
begin routers
all:
  driver = manualroute
  domains = *
  self = send
  route_list = * 127.0.0.1::2525
  transport = remote_smtp
begin transports
remote_smtp:
  driver = smtp
  allow_localhost
  hosts_try_prdr =
  hosts_try_dane =
  hosts_avoid_tls = *
begin retry
* * F,4d,1h
"""

SENDMAIL = """divert(-1)dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`debian')dnl
DOMAIN(`debian-mta')dnl
undefine(`confHOST_STATUS_DIRECTORY')dnl
define(`confDOMAIN_NAME', `mx.example.net')dnl
define(`SMART_HOST', `esmtp:[127.0.0.1]')dnl
define(`ESMTP_MAILER_ARGS', `TCP $h 2525')dnl
define(`RELAY_MAILER_ARGS', `TCP $h 2525')dnl
define(`confDONT_PROBE_INTERFACES', `True')dnl
define(`confBIND_OPTS', `-DNSRCH -DEFNAMES')dnl
define(`confTO_IDENT', `0')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`nocanonify')dnl
FEATURE(`promiscuous_relay')dnl
DAEMON_OPTIONS(`Name=MTA, Addr=127.0.0.1, Port=25')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
"""


def skip(why):
    print("skipped:", why)
    sys.exit(77)


# What the receiver does, by the beginning of the address; and what has to be found.
ANSWERS = {"no": ("550 5.1.1 no such user here", "bounced", "5.1.1"),
           "full": ("452 4.2.2 the mailbox is full", "queued", "4.2.2"),
           "ok": ("250 2.1.5 ok", "delivered", None), "cut": ("250 2.1.5 ok", "queued", None)}


class Receiver(socketserver.StreamRequestHandler):
    taken = collections.Counter()

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def take(self, recipients):
        for line in self.rfile:
            if line == b".\r\n":
                break
        if any(r.startswith("cut") for r in recipients):
            return False
        Receiver.taken.update(recipients)
        self.say("250 2.0.0 taken as %08d" % sum(Receiver.taken.values()))
        return True

    def handle(self):
        recipients = []
        self.say("220 sink.example.net ESMTP")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"EHLO":
                self.say("250-sink.example.net\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME")
            elif word == b"RCPT":
                address = line.decode().split("<")[1].split(">")[0]
                answer = ANSWERS.get(address.split("-")[0], ANSWERS["ok"])[0]
                if answer[0] == "2":
                    recipients.append(address)
                self.say(answer)
            elif word == b"DATA":
                self.say("354 go on")
                if not self.take(recipients):
                    return
                recipients = []
            elif word == b"QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                if word in (b"RSET", b"MAIL"):
                    recipients = []
                self.say("250 2.0.0 ok")


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def syslog(root, log):
    """What syslogd does: lines with a stamp and a host."""
    path = os.path.join(root, "dev", "log")
    here = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    here.bind(path)
    os.chmod(path, 0o666)

    def work():
        while True:
            text = here.recv(65536).decode("utf-8", "replace").rstrip("\n\0")
            text = text.split(">", 1)[-1]
            with open(log, "a", encoding="utf-8") as out:
                out.write("%s mx %s\n" % (text[:15], text[16:]))

    threading.Thread(target=work, daemon=True).start()


def prepare(server, packages, home):
    """An overlay of this machine's files with the packages unpacked over them."""
    root = os.path.join(home, "root")
    os.mkdir(root)
    run("mount", "-t", "tmpfs", "none", home + "/upper")
    os.mkdir(home + "/upper/u")
    os.mkdir(home + "/upper/w")
    if subprocess.run(["mount", "-t", "overlay", "overlay", "-o", "lowerdir=/,upperdir=%s/upper/u,workdir=%s/upper/w"
                       % (home, home), root], check=False).returncode != 0:
        skip("no overlays here")
    run("mount", "-t", "tmpfs", "none", root + "/dev")
    run("mount", "-t", "proc", "none", root + "/proc")
    run("mount", "-t", "tmpfs", "none", root + "/tmp")
    os.chmod(root + "/tmp", 0o1777)
    for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)):
        os.mknod(root + "/dev/" + name, 0o20666, os.makedev(1, minor))
        os.chmod(root + "/dev/" + name, 0o666)
    for package in packages:
        # As dpkg does: /lib stays a link.
        run("sh", "-c", "dpkg-deb --fsys-tarfile '%s' | tar -x --keep-directory-symlink -C '%s'" % (package, root))
    with open(root + "/etc/passwd", "a", encoding="utf-8") as out:
        out.write("".join(line + "\n" for line in USERS))
    with open(root + "/etc/group", "a", encoding="utf-8") as out:
        out.write("".join(line + "\n" for line in GROUPS))
    write(root + "/etc/hosts", "127.0.0.1 localhost mx.example.net mx\n")
    write(root + "/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    run("chroot", root, "/sbin/ldconfig")
    return root


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def run(*command):
    subprocess.run(command, check=True)


def inside(root, *command):
    return subprocess.run(["chroot", root, *command], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)


def start_postfix(root):
    write(root + "/etc/postfix/main.cf", POSTFIX)
    with open(root + "/usr/share/postfix/master.cf.dist", encoding="utf-8") as file:
        services = [line for line in file if line[0] not in "# \n"]
    # All daemons outside of the chroot that Debian's setting asks for.
    for number, line in enumerate(services):
        words = line.split(None, 7)
        words[4] = "n"
        services[number] = " ".join(words)
    write(root + "/etc/postfix/master.cf", "".join(services))
    for name in ("dynamicmaps.cf", "postfix-files"):
        source = root + "/usr/share/postfix/" + name
        if os.path.exists(source):
            write(root + "/etc/postfix/" + name, open(source, encoding="utf-8").read())
    write(root + "/var/log/mail.log", "")
    run("chown", "-R", "65500:65500", root + "/var/lib/postfix")
    inside(root, "/usr/sbin/postfix", "set-permissions")
    return inside(root, "/usr/sbin/postfix", "start"), root + "/var/log/mail.log"


def start_exim(root):
    write(root + "/etc/exim.conf", EXIM)
    for folder in ("/var/spool/exim4", "/var/log/exim4"):
        os.makedirs(root + folder, exist_ok=True)
        run("chown", "65501:65501", root + folder)
    subprocess.Popen(["chroot", root, "/usr/sbin/exim4", "-C", "/etc/exim.conf", "-bdf"], stdin=subprocess.DEVNULL,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return inside(root, "true"), root + "/var/log/exim4/mainlog"


def start_sendmail(root):
    log = root + "/var/log/mail.log"
    syslog(root, log)
    write(root + "/etc/mail/sendmail.mc", SENDMAIL)
    for folder in ("/var/spool/mqueue", "/var/lib/sendmail", "/var/run/sendmail/mta", "/run/sendmail/mta",
                   "/var/run/sendmail/stampdir", "/etc/mail"):
        os.makedirs(root + folder, exist_ok=True)
    for name in ("local-host-names", "trusted-users", "aliases", "relay-domains"):
        write(root + "/etc/mail/" + name, "")
    made = inside(root, "sh", "-c", "cd /etc/mail && m4 sendmail.mc > sendmail.cf")
    if made.returncode != 0:
        return made, log
    inside(root, "/usr/libexec/sendmail/sendmail", "-bi")
    return inside(root, "/usr/libexec/sendmail/sendmail", "-bd", "-q1h", "-C", "/etc/mail/sendmail.cf"), log


START = {"postfix": start_postfix, "exim": start_exim, "sendmail": start_sendmail}


def connect():
    problem = None
    for _ in range(100):
        try:
            return smtplib.SMTP("127.0.0.1", 25, local_hostname="client.example.net", timeout=60)
        except (OSError, smtplib.SMTPException) as error:
            problem = error
            time.sleep(0.2)
    print("no answer on port 25:", problem)
    return None


def put_in(count, log, root):
    expected = {}
    for number in range(count):
        to = ["ok-%d@a.example" % number, "no-%d@a.example" % number, "full-%d@a.example" % number]
        if number % 10 == 9:
            to = ["cut-%d@a.example" % number]
        server = connect()
        server.sendmail("shop@b.example", to, "Message-ID: <m%d@b.example>\r\nSubject: x\r\n\r\nx\r\n" % number)
        server.quit()
        expected.update((address, ANSWERS[address.split("-")[0]][1:]) for address in to)
        if number == count // 2:
            os.rename(log, log + ".1")
            inside(root, "/usr/sbin/postfix", "reload")
    return expected


def compare(path, expected):
    found = {}
    for line in open(path, encoding="ascii"):
        record = json.loads(line)
        if record.get("recipient", "").endswith("@a.example"):
            found.setdefault(record["recipient"], []).append(record)
    wrong = []
    for address, (fate, status) in expected.items():
        records = found.pop(address, [])
        good = len(records) == 1 and records[0]["fate"] == fate and records[0]["attempts"] >= 1
        good = good and (status is None or records[0].get("status") == status)
        # Sendmail does not say at what point the connection broke.
        if address.startswith("cut") and records and records[0]["server"] != "sendmail":
            good = good and records[0].get("possibly_delivered")
        if not good:
            wrong.append("%s: expected %s %s, found %s" % (address, fate, status, records))
    wrong += ["%s: nobody was sent that" % address for address in found]
    return wrong


def work(program, server, count, home):
    packages = glob.glob(os.path.join(os.environ["SERVERS"], server, "*.deb"))
    root = prepare(server, packages, home)
    sink = Sink(("127.0.0.1", SINK), Receiver)
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    started, log = START[server](root)
    if started.returncode != 0:
        print(started.stdout)
        skip("%s does not start here" % server)
    if connect() is None:
        print(started.stdout)
        for path in glob.glob(os.path.dirname(log) + "/*log"):
            print(path, open(path, encoding="utf-8", errors="replace").read()[-2000:])
        skip("%s does not answer" % server)
    while not os.path.exists(log):
        time.sleep(0.1)
    options = [program, "track", "--json", "--position", home + "/position", "--output", home + "/out.json"]
    follower = subprocess.Popen([*options, "--follow", log])
    expected = put_in(count, log, root)
    wanted = sum(address.startswith("ok") for address in expected)
    for _ in range(300):
        if sum(a.startswith("ok-") for a in Receiver.taken) >= wanted and not log_grows(log):
            break
        time.sleep(0.2)
    time.sleep(2)
    follower.send_signal(signal.SIGTERM)
    ended = follower.wait(timeout=30)
    run(*options, "--finish", log)
    wrong = compare(home + "/out.json", expected)
    unknown = subprocess.run([program, "track", "--unknown", log + ".1", log], stdout=subprocess.PIPE, text=True,
                             check=False).stdout
    print(unknown)
    for line in wrong[:10]:
        print("FAILED:", line)
    print("%s: %d recipients in %d messages, %d wrong; follow ended with %d"
          % (server, len(expected), count, len(wrong), ended))
    return 1 if wrong or ended != 0 or " 0 not understood" not in unknown else 0


def log_grows(log):
    before = os.path.getsize(log)
    time.sleep(1)
    return os.path.getsize(log) != before


def main():
    program, server = os.path.abspath(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    if not glob.glob(os.path.join(os.environ.get("SERVERS", "/nowhere"), server, "*.deb")):
        skip("no packages of %s in $SERVERS: tests/e2e/fetch-servers gets them" % server)
    if os.geteuid() != 0:
        skip("not root")
    if os.environ.get("LIVE_INSIDE") is None:
        with tempfile.TemporaryDirectory() as home:
            os.mkdir(home + "/upper")
            status = subprocess.run(["unshare", "-m", "-n", "-u", "-p", "--fork", "--kill-child", sys.executable,
                                     *sys.argv], env=dict(os.environ, LIVE_INSIDE=home), check=False).returncode
        sys.exit(status)
    subprocess.run(["mount", "--make-rprivate", "/"], check=False)
    if subprocess.run(["ip", "link", "set", "lo", "up"], check=False).returncode != 0:
        skip("no network of its own here")
    subprocess.run(["hostname", "mx"], check=False)
    sys.exit(work(program, server, count, os.environ["LIVE_INSIDE"]))


main()
