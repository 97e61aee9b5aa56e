"""What is asked over the network besides X: https only, public addresses only, with bounds (design, section 11).

Links come from records and pictures from pages, and both are untrusted: whoever writes one must not make this machine knock at
the doors of its own network. So the name is looked up here, every address that it has is judged, and the connection goes to an
address that was judged; a second look-up that answers otherwise has no room. A redirect is a new link under the same rules, and
nothing is kept: no cookie, no answer. The probe reads the head of an answer only, so that neither its size nor how it is
packed matters; what fetches reads a body that is not packed, up to a size.
"""
