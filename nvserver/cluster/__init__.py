"""Many nodes: a workspace lives on one of them, and every node answers for all. A node that is alone needs none of it.

`keeper` holds the node's lease; `router` finds or makes the one owner; `links` carry messages between two nodes,
sealed by `seal` as `frames`; `host` is the owner's end of a link, `remote` the other's. A `member` stands for a
workspace on a node whose clients are in it, and brings them to the next owner when there is one.
"""
