"""Tables that no period empties, by the reason: it is decided elsewhere, or nobody is in them.

Whatever is neither here nor in ``bss.oversight.queries.retained`` is a fault
(``tests/oversight/queries/test_retained.py``). Source: S14-2, S40, ADR 0010, ADR 0013.
"""

from collections.abc import Mapping

WITH_THE_CUSTOMER = "goes when its customer does: names give way, what is sealed loses its key"
THE_BOOKS = "vouchers of the books, kept by law; they speak of codes, numbers and amounts"
EVIDENCE = "kept along the audit's chain, archived with it after five years"
STAFF_RECORD = "the record of who works here; whoever has left stays on record (S59-1)"
ONES_OWN = "a person's own, deleted by themselves or with their account"
CLEARED_NIGHTLY = "cleared by a task of its own every night"
OF_NOBODY = "says nothing of any customer: what the house sells, sets, counts or runs"
NOT_WRITTEN = "of a library; this house writes no row into it"

WITHOUT_A_PERIOD: Mapping[str, frozenset[str]] = {
    reason: frozenset(tables.split())
    for reason, tables in {
        WITH_THE_CUSTOMER: """
            customers.Document customers.Contact customers.DocumentCopy customers.Subscription
            customers.SubscriptionState customers.NumberAssignment customers.Ownership
            customers.ClassMembership customers.DuplicatePair customers.LegalHold
            customers.CustomerFigures customers.LevelChange customers.Listing
            customers.PointsEntry packages_wo.Bundle packages_wo.BundleChange
            packages_wo.BundleTerm packages_wo.TermPack packages_wo.Membership packages_wo.Pool
            packages_wo.SubscriptionPlan packages_wo.PlanChange packages_wo.SubscriptionVas
            billing.Account billing.PayRelation billing.BundleAccount billing.BankMandate
            billing.NoticeAddress billing.CreditLimit billing.Exposure billing.Reminder
            billing.ReminderBill billing.Promise billing.DebtStop billing.ParkedAccount
            billing.BundleAdvice
            orders.Order orders.WorkOrder orders.WorkOrder_after orders.NetworkOrder
            complaints.Case complaints.CaseStep
        """,
        THE_BOOKS: """
            billing.Adjustment billing.BankFile billing.Bill billing.BillLine
            billing.Charge billing.CountedMeans billing.DayClose billing.DebitBatch
            billing.DebitLine billing.DrawerCount billing.DrawerMovement billing.Entry
            billing.GatewayOrder billing.GatewayRefund billing.Handover billing.HandoverPart
            billing.Invoice billing.InvoiceCover billing.InvoiceLine billing.Journal
            billing.Ledger billing.LedgerRelease billing.Payment billing.Receipt
            billing.ReceiptPrint billing.Reconciliation billing.ReconciliationLine
            billing.Recovery billing.Refund billing.Rerating billing.ReratedLine
            billing.RevenueShare billing.Shift billing.Transfer billing.UnbilledAccount
            billing.UnidentifiedPayment billing.WriteOff billing.WriteOffPart
            channels.RevenueFact channels.SaleFact
        """,
        EVIDENCE: """
            kernel.AuditEntry kernel.AuditLink kernel.AuditWaiting kernel.AuditCheck
            kernel.DataKey oversight.SecurityCase oversight.SecurityEvidence
            oversight.SecurityStep identity.Recovery
        """,
        STAFF_RECORD: """
            kernel.Staff kernel.Staff_roles kernel.Staff_groups kernel.Staff_user_permissions
            kernel.StaffRole identity.SubAccount identity.PastPassword
            identity.InterfaceNumber oauth2_provider.Application oversight.RelativeNumber
        """,
        ONES_OWN: "kernel.SavedView mfa.Authenticator socialaccount.SocialAccount",
        CLEARED_NIGHTLY: "oauth2_provider.AccessToken identity.PersonalToken",
        OF_NOBODY: """
            auth.Group auth.Group_permissions auth.Permission contenttypes.ContentType
            kernel.BatchRun kernel.BatchStep kernel.BusinessClock kernel.Organisation
            kernel.Role identity.AllowedNetwork identity.OpeningHours identity.OutsideSystem
            customers.ClassLevel customers.CustomerClass customers.PointsRate
            channels.Channel orders.NumberResource
            packages_wo.CatalogueVersion packages_wo.Pack packages_wo.Plan
            packages_wo.TariffRate packages_wo.Tier
            billing.AdviceLimit billing.BooksCheck billing.ClassLimit billing.ClosedMonth
            billing.CreditRun
            billing.InvoiceBook billing.MessageTemplate billing.Reason billing.Rehearsal
            billing.ReminderStep billing.StartedMonth billing.UsageArchive
            billing.UsageArchiveFile billing.UsageFile billing.UsageGap
            oversight.WatchMark oversight.WatchSetting
        """,
        NOT_WRITTEN: """
            account.EmailAddress account.EmailConfirmation axes.AccessAttemptExpiration
            axes.AccessFailureLog axes.AccessLog oauth2_provider.DeviceGrant
            oauth2_provider.Grant oauth2_provider.IDToken oauth2_provider.RefreshToken
            socialaccount.SocialApp socialaccount.SocialToken
        """,
    }.items()
}
