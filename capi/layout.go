// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "shared.h"
*/
import "C"

import (
	"unsafe"

	"libws/core"
)

// The structs that both languages read and write: a difference in size or in
// the place of a member does not compile.
var (
	_ [unsafe.Sizeof(C.wsx_block{})]byte   = [unsafe.Sizeof(core.Block{})]byte{}
	_ [unsafe.Sizeof(C.wsx_record{})]byte  = [unsafe.Sizeof(core.Record{})]byte{}
	_ [unsafe.Sizeof(C.wsx_detail{})]byte  = [unsafe.Sizeof(core.Detail{})]byte{}
	_ [unsafe.Sizeof(C.wsx_outbox{})]byte  = [unsafe.Sizeof(core.Outbox{})]byte{}
	_ [unsafe.Sizeof(C.wsx_meter{})]byte   = [unsafe.Sizeof(core.Meter{})]byte{}
	_ [unsafe.Sizeof(C.wsx_segment{})]byte = [core.SegmentSize]byte{}

	_ [C.WSX_HEAD_MESSAGE]byte = [core.HeadMessage]byte{}
	_ [C.WSX_HEAD_PAIR]byte    = [core.HeadPair]byte{}

	_ [unsafe.Sizeof(C.wsx_lane{})]byte            = [unsafe.Sizeof(core.Lane{})]byte{}
	_ [unsafe.Offsetof(C.wsx_lane{}.epoch)]byte    = [core.LaneEpochAt]byte{}
	_ [unsafe.Offsetof(C.wsx_lane{}.messages)]byte = [core.LaneMessagesAt]byte{}
	_ [unsafe.Offsetof(C.wsx_lane{}.bytes)]byte    = [core.LaneBytesAt]byte{}
	_ [C.WSX_DIRECT_MAX]byte                       = [core.DirectMax]byte{}

	_ [C.WSX_OUT_DIRECT >> 48]byte  = [core.BlockDirect >> 48]byte{}
	_ [C.WSX_OUT_SENDING >> 48]byte = [core.BlockSending >> 48]byte{}
	_ [C.WSX_OUT_HANDING >> 48]byte = [core.BlockHanding >> 48]byte{}
	_ [C.WSX_OUT_SPOKE >> 48]byte   = [core.BlockSpoke >> 48]byte{}

	_ [unsafe.Offsetof(C.wsx_block{}.limit)]byte  = [core.BlockLimitAt]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.state)]byte  = [core.BlockStateAt]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.loop)]byte   = [core.BlockLoopAt]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.cork)]byte   = [core.BlockCorkAt]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.slot)]byte   = [unsafe.Offsetof(core.Block{}.Slot)]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.handle)]byte = [unsafe.Offsetof(core.Block{}.Handle)]byte{}

	_ [unsafe.Offsetof(C.wsx_record{}.message_type)]byte = [unsafe.Offsetof(core.Record{}.MessageType)]byte{}
	_ [unsafe.Offsetof(C.wsx_record{}.flags)]byte        = [unsafe.Offsetof(core.Record{}.Flags)]byte{}
	_ [unsafe.Offsetof(C.wsx_record{}.data)]byte         = [unsafe.Offsetof(core.Record{}.Data)]byte{}
	_ [unsafe.Offsetof(C.wsx_record{}.size)]byte         = [unsafe.Offsetof(core.Record{}.Size)]byte{}
	_ [unsafe.Offsetof(C.wsx_record{}.detail)]byte       = [unsafe.Offsetof(core.Record{}.Detail)]byte{}

	_ [unsafe.Offsetof(C.wsx_detail{}.user_data)]byte      = [unsafe.Offsetof(core.Detail{}.User)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.text)]byte           = [unsafe.Offsetof(core.Detail{}.Text)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.reason)]byte         = [unsafe.Offsetof(core.Detail{}.Reason)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.reason_size)]byte    = [unsafe.Offsetof(core.Detail{}.ReasonSize)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.protocol)]byte       = [unsafe.Offsetof(core.Detail{}.Protocol)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.method)]byte         = [unsafe.Offsetof(core.Detail{}.Method)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.target)]byte         = [unsafe.Offsetof(core.Detail{}.Target)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.body)]byte           = [unsafe.Offsetof(core.Detail{}.Body)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.body_size)]byte      = [unsafe.Offsetof(core.Detail{}.BodySize)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.round_trip_us)]byte  = [unsafe.Offsetof(core.Detail{}.RoundTrip)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.delay_ms)]byte       = [unsafe.Offsetof(core.Detail{}.Delay)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.attempt)]byte        = [unsafe.Offsetof(core.Detail{}.Attempt)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.will_reconnect)]byte = [unsafe.Offsetof(core.Detail{}.Reconnects)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.status)]byte         = [unsafe.Offsetof(core.Detail{}.Status)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.code)]byte           = [unsafe.Offsetof(core.Detail{}.Code)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.clean)]byte          = [unsafe.Offsetof(core.Detail{}.Clean)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.error)]byte          = [unsafe.Offsetof(core.Detail{}.Error)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.stage)]byte          = [unsafe.Offsetof(core.Detail{}.Stage)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.os_error)]byte       = [unsafe.Offsetof(core.Detail{}.OSError)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.operation)]byte      = [unsafe.Offsetof(core.Detail{}.Operation)]byte{}

	_ [unsafe.Offsetof(C.wsx_outbox{}.segments)]byte      = [core.OutboxSegmentsAt]byte{}
	_ [unsafe.Offsetof(C.wsx_outbox{}.bytes_used)]byte    = [core.OutboxBytesUsedAt]byte{}
	_ [unsafe.Offsetof(C.wsx_outbox{}.segments_used)]byte = [core.OutboxSegmentsUsedAt]byte{}
	_ [unsafe.Offsetof(C.wsx_outbox{}.claimed)]byte       = [core.OutboxClaimedAt]byte{}
	_ [unsafe.Offsetof(C.wsx_meter{}.budget)]byte         = [core.MeterBudgetAt]byte{}
	_ [unsafe.Offsetof(C.wsx_meter{}.tight)]byte          = [core.MeterTightAt]byte{}
	_ [unsafe.Offsetof(C.wsx_meter{}.low)]byte            = [core.MeterLowAt]byte{}
	_ [unsafe.Offsetof(C.wsx_meter{}.waiting)]byte        = [core.MeterWaitingAt]byte{}
	_ [unsafe.Offsetof(C.wsx_segment{}.size)]byte         = [core.SegmentSizeAt]byte{}
	_ [unsafe.Offsetof(C.wsx_segment{}.slot)]byte         = [core.SegmentSlotAt]byte{}
	_ [unsafe.Offsetof(C.wsx_segment{}.next)]byte         = [core.SegmentNextAt]byte{}
	_ [unsafe.Offsetof(C.wsx_segment{}.head)]byte         = [core.SegmentHeadAt]byte{}
)
