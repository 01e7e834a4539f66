#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random reports are read by Python's mail parser, which must find nothing wrong with them.

usage: python_reads.py ROUNDTRIP COUNT
"""
import email
import email.policy
import re
import subprocess
import sys

STATUS = re.compile(r'[245]\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})')
ACTIONS = {'failed', 'delayed', 'delivered', 'relayed', 'expanded'}


def mails(program, count):
    run = subprocess.run([program, count, '3', 'dump'], stdout=subprocess.PIPE, check=True)
    rest = run.stdout
    while rest:
        head, _, rest = rest.partition(b'\n')
        length, recipients = map(int, head.split())
        yield rest[:length], recipients
        rest = rest[length:]


def groups(raw):
    """Field groups of a machine part, as the grammar has them."""
    text = re.sub(rb'\r\n([ \t])', rb'\1', raw).decode('utf-8')
    found = []
    for group in text.strip('\r\n').split('\r\n\r\n'):
        fields = {}
        for line in group.split('\r\n'):
            name, colon, value = line.partition(': ')
            assert colon, line
            assert name not in fields, name
            fields[name] = value
        found.append(fields)
    return found


def check(raw, recipients):
    mail = email.message_from_bytes(raw, policy=email.policy.SMTP)
    parts = list(mail.iter_parts())
    for part in mail.walk():
        assert not part.defects, part.defects
    assert mail.get_content_type() == 'multipart/report'
    assert mail['Auto-Submitted'] == 'auto-replied' and mail['Return-Path'] == '<>'
    assert len(mail['From'].addresses) == 1 and len(mail['To'].addresses) == 1
    assert mail['Date'].datetime and mail['Subject'] and mail['Message-ID']
    assert len(parts) in (2, 3)
    human = parts[0].get_content()
    assert human.strip() and '\ufffd' not in human
    machine = parts[1].get_content_type()
    assert machine.split('/')[1] == mail['Content-Type'].params['report-type'], machine
    body = re.search(rb'\r\nContent-Type: ' + machine.encode() + rb'.*?\r\n\r\n(.*?)\r\n--', raw,
                     re.S | re.I).group(1)
    if machine == 'message/delivery-status':
        assert body.isascii()
        assert len(parts[1].get_payload()) == recipients + 1
    message, *rest = groups(body)
    assert 'Reporting-MTA' in message
    assert len(rest) == recipients
    for group in rest:
        assert STATUS.fullmatch(group['Status']), group
        assert group['Action'] in ACTIONS
        assert group['Final-Recipient'].split('; ')[0] in ('rfc822', 'utf-8')


def main():
    count = 0
    for raw, recipients in mails(sys.argv[1], sys.argv[2]):
        try:
            check(raw, recipients)
        except Exception:
            sys.stderr.buffer.write(raw)
            raise
        count += 1
    assert count == int(sys.argv[2]), count


if __name__ == '__main__':
    main()
