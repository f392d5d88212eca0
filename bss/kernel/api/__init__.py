"""The floor of the open interface: TM Forum's conventions, once, for every resource."""
