#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random reports are read by Python's mail parser, and the replies beside them by its SMTP client: both
must find nothing wrong, and every value as it was in the record.

usage: python_reads.py ROUNDTRIP COUNT [SEED]
"""
import email
import email.policy
import email.utils
import io
import re
import smtplib
import subprocess
import sys

TYPED = {'Original-Recipient', 'Final-Recipient', 'Reporting-MTA', 'Received-From-MTA', 'Remote-MTA',
         'Diagnostic-Code'}
ADDRESSES = {'Original-Recipient', 'Final-Recipient'}
DATES = {'Arrival-Date', 'Last-Attempt-Date', 'Will-Retry-Until'}
# What a report may have besides what is compared.
OTHERS = {'X-Mail-From', 'X-Envelope-Id-Xtext', 'Localized-Diagnostic'}
NO_FIELDS = {'Reply', 'To', 'MAIL', 'RCPT'}
STATUS = re.compile(r'[245]\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})')
ACTIONS = {'failed', 'delayed', 'delivered', 'relayed', 'expanded'}


def records(program, count, seed):
    """Mail, number of recipients, reply, and what is to be read, of each record."""
    with subprocess.Popen([program, count, seed, 'dump'], stdout=subprocess.PIPE) as run:
        for head in run.stdout:
            mail, recipients, reply, want = map(int, head.split())
            yield run.stdout.read(mail), recipients, run.stdout.read(reply), run.stdout.read(want)
        if run.wait() != 0:
            raise SystemExit('the writer failed')


def wanted(raw):
    """Groups of fields, each name once."""
    return [dict(line.split(': ' if ': ' in line else ':', 1) for line in group.split('\n') if line)
            for group in raw.decode('utf-8', 'surrogateescape').split('\n\n')]


def groups(raw):
    """Field groups of a machine part, as the grammar has them."""
    text = raw.decode('utf-8').replace('\r\n ', ' ').replace('\r\n\t', ' ')
    found = []
    for group in text.strip('\r\n').split('\r\n\r\n'):
        fields = {}
        for line in group.split('\r\n'):
            name, colon, value = line.partition(':')
            assert colon, line
            assert name not in fields, name
            fields[name] = value.strip()
        found.append(fields)
    return found


def plain(name, value):
    """A field's value as it was in the record."""
    if name in TYPED:
        kind, value = re.split(r'; ?', value, maxsplit=1)
        if name in ADDRESSES:
            assert kind in ('rfc822', 'utf-8')
            if kind == 'utf-8':
                value = re.sub(r'\\x\{([0-9A-F]+)\}', lambda m: chr(int(m[1], 16)), value)
    if name in DATES:
        date = email.utils.parsedate_to_datetime(value)
        return '%d %d' % (date.timestamp(), date.utcoffset().total_seconds() // 60)
    return ' '.join(value.split()) if name == 'Diagnostic-Code' else value


def check_fields(want, fields):
    for name, value in want.items():
        if name not in NO_FIELDS:
            assert name in fields, (name, value, fields)
            got = plain(name, fields[name])
            assert got == value, (name, value, got)
    left = fields.keys() - want.keys() - OTHERS
    assert not left, left


def unquoted(address):
    """With its local part as it is meant."""
    if not address.startswith('"'):
        return address
    local, domain = address.rsplit('@', 1)
    return re.sub(r'\\(.)', r'\1', local[1:-1]) + '@' + domain


def check_header(mail, want):
    assert mail['Auto-Submitted'] == 'auto-replied' and mail['Return-Path'] in ('<>', None)
    assert len(mail['From'].addresses) == 1 and len(mail['To'].addresses) == 1
    to = mail['To'].addresses[0]
    address = (to.username + '@' + to.domain).encode('utf-8', 'surrogateescape').decode('utf-8')
    assert address == unquoted(want), (to, want)
    assert mail['Date'].datetime.timestamp() == 1795516800
    assert mail['Subject'] and mail['Message-ID']


def check_human(part):
    assert part.get_content_type() == 'text/plain' and part.get_content_charset() == 'utf-8'
    assert part.get_payload(decode=True).decode('utf-8').strip()


def check_mail(raw, recipients, want):
    # Parts by the parser's older interface, the header by the stricter: half the time of the latter alone.
    mail = email.message_from_bytes(raw)
    header = email.message_from_bytes(raw[:raw.index(b'\r\n\r\n') + 2], policy=email.policy.SMTP)
    parts = mail.get_payload()
    assert not mail.defects and not any(part.defects for part in parts[:2]), mail.defects
    assert mail.get_content_type() == 'multipart/report' and len(parts) in (2, 3)
    check_header(header, want[0]['To'])
    check_human(parts[0])
    machine = parts[1].get_content_type()
    assert machine.split('/')[1] == mail.get_param('report-type'), machine
    body = re.search(rb'\r\nContent-Type: ' + machine.encode() + rb'.*?\r\n\r\n(.*?)\r\n--', raw,
                     re.S | re.I).group(1)
    if machine == 'message/delivery-status':
        assert body.isascii()
        assert len(parts[1].get_payload()) == recipients + 1
    message, *rest = groups(body)
    assert len(rest) == recipients and len(want) == recipients + 1
    check_fields(want[0], message)
    for one, group in zip(want[1:], rest):
        assert STATUS.fullmatch(group['Status']) and group['Action'] in ACTIONS, group
        check_fields(one, group)


def check_reply(raw, want):
    """As smtplib reads it: a code, and the lines without it."""
    code, enhanced, words = (want + ' ').split(' ', 2)
    client = smtplib.SMTP(local_hostname='localhost')  # or it asks the network for its name
    client.file = io.BytesIO(raw)
    got, text = client.getreply()
    assert client.file.read() == b'' and got == int(code), (got, code)
    for line in text.split(b'\n'):
        if enhanced != '-':
            assert (line + b' ').startswith(enhanced.encode() + b' '), line
    lines = [line[0 if enhanced == '-' else len(enhanced):] for line in text.split(b'\n')]
    said = re.sub(rb'\s', b'', b''.join(lines))
    assert said == words.strip(' ').encode('utf-8', 'surrogateescape'), (said, words)


def xtext(value):
    return re.sub(r'\+([0-9A-F]{2})', lambda m: chr(int(m[1], 16)), value)


def check_parameters(want):
    """What stands in ENVID and ORCPT, decoded here, is what stands in the fields."""
    for group, name, keyword in [(want[0], 'Original-Envelope-Id', 'MAIL')] + [
            (group, 'Original-Recipient', 'RCPT') for group in want[1:]]:
        given = dict(word.split('=', 1) for word in group[keyword].split())
        value = given.get('ENVID')
        if 'ORCPT' in given:
            kind, value = given['ORCPT'].split(';', 1)
            value = (xtext(value) if kind == 'rfc822' else
                     re.sub(r'\\x\{([0-9A-F]+)\}', lambda m: chr(int(m[1], 16)), value))
        elif value is not None:
            value = xtext(value)
        assert value == group.get(name), (value, group)


def main():
    count = 0
    for raw, recipients, reply, expected in records(sys.argv[1], sys.argv[2], (sys.argv[3:] or ['3'])[0]):
        try:
            want = wanted(expected)
            check_mail(raw, recipients, want)
            check_parameters(want)
            check_reply(reply, want[0]['Reply'])
        except Exception:
            sys.stderr.buffer.write(raw + reply + expected)
            raise
        count += 1
    assert count == int(sys.argv[2]), count


if __name__ == '__main__':
    main()
