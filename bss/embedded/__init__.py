"""The servers this product brings along: PostgreSQL and Valkey from wheels, run by us.

``places`` says where things lie, ``addresses`` how they are reached, ``keeper`` runs the two
servers for as long as anyone uses them, ``attach`` joins (or calls up) the keeper, ``supervisor``
is ``make run``. Nothing here imports Django.
"""
