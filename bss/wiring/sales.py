"""What the channels sold, in words: products stand above them."""

from orders.views.sale_names import sale_names

SALE_NAMES = sale_names
