"""OpenStack Swift with its S3 interface, all four servers of it in this one process, below a folder: python3 openstack.py FOLDER.

Prints the proxy's port, and ends when its input does.
"""
import eventlet

eventlet.monkey_patch()

import os
import sys

from eventlet import listen, wsgi
from eventlet.hubs import trampoline
from swift.common import storage_policy, utils

folder = os.path.abspath(sys.argv[1])
KINDS = ("account", "container", "object")

PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
"""


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


os.setxattr(folder, "user.reprise", b"1")  # it keeps what it knows of objects there
os.makedirs(os.path.join(folder, "d1"))
utils.SWIFT_CONF_FILE = write(
    "swift.conf", "[swift-hash]\nswift_hash_path_suffix = test\n[storage-policy:0]\nname = gold\ndefault = yes\n"
)
storage_policy.reload_storage_policies()
utils.validate_configuration()

# These read the configuration when they are loaded.
from swift.common.ring import RingBuilder
from swift.common.wsgi import loadapp

sockets = {kind: listen(("127.0.0.1", 0)) for kind in (*KINDS, "proxy")}
common = f"[DEFAULT]\nswift_dir = {folder}\ndevices = {folder}\nmount_check = false\nlog_level = CRITICAL\n"
for kind in KINDS:
    ring = RingBuilder(1, 1, 0)
    where = {"ip": "127.0.0.1", "port": sockets[kind].getsockname()[1]}
    far = {"replication_ip": where["ip"], "replication_port": where["port"]}
    ring.add_dev({"id": 0, "region": 1, "zone": 1, "device": "d1", "weight": 1, **where, **far})
    ring.rebalance()
    ring.get_ring().save(os.path.join(folder, f"{kind}.ring.gz"))
    write(f"{kind}.conf", f"{common}[app:main]\nuse = egg:swift#{kind}\n")
write("proxy.conf", common + PROXY)

for kind, socket in sockets.items():
    app = loadapp(os.path.join(folder, f"{kind}.conf"), global_conf={"log_name": kind})
    eventlet.spawn(wsgi.server, socket, app, log_output=False)
print(sockets["proxy"].getsockname()[1], flush=True)
while True:
    trampoline(0, read=True)
    if not os.read(0, 4096):
        os._exit(0)
