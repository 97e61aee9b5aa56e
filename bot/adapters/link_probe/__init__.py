"""Links, asked over the network: https only, public addresses only, the head of the answer only (design, section 11).

Texts come from records, and records are untrusted: whoever writes one must not make this machine knock at the doors of its own
network. So the name is looked up here, every address that it has is judged, and the connection goes to an address that was
judged; a second look-up that answers otherwise has no room. A redirect is a new link under the same rules. Bodies are never
read, so that neither their size nor how they are packed matters, and nothing is kept: no cookie, no answer.
"""
